import type { Page } from '../api.js';
import type { ApiCall } from '../exchange.js';
import { type Act, act, type Change, Denied } from '../parts/act.js';
import { ActForm, FormError, momentOf } from '../parts/form.js';
import { html, Layout } from '../parts/layout.js';
import { hrefOf, may, type PageHandler, type Visit } from '../visit.js';
import type { Delivery, Webhook } from '../webhook-answers.js';
import { reasonField } from './reason-field.js';
import { type WebhookWish, webhookTyped } from './webhook-fields.js';
import { stateOf, typesText } from './webhooks.js';

const pathOf = (id: string, ...rest: string[]) =>
  `/webhooks/${[id, ...rest].map(encodeURIComponent).join('/')}`;
const known = ({ api }: Visit, id: string) => api.get<Webhook>(pathOf(id));

/** POST /console/webhooks */
export const createWebhook: PageHandler = (visit) =>
  act(visit, 'webhooks', async (): Promise<Act> => {
    const { words } = visit;
    const wish = webhookTyped(visit);
    return {
      ...{ title: words.newWebhook, section: 'webhooks', back: '/console/webhooks', done: 'webhookMade' },
      preview: async () => ({ changes: changesOf(visit, null, wish), notes: [words.secretShownOnce] }),
      confirm: words.newWebhook,
      call: { method: 'POST', path: '/webhooks', body: wish },
      shown: secretOf(visit),
    };
  });

/** POST /console/webhooks/{id}/edit */
export const editWebhook: PageHandler = (visit, [id = '']) =>
  act(visit, 'webhooks', async (): Promise<Act> => {
    const [before, wish] = [await known(visit, id), webhookTyped(visit)];
    return {
      ...about(visit, id, visit.words.editWebhook, 'webhookChanged'),
      call: { method: 'PUT', path: pathOf(id), body: wish },
      preview: async () => ({
        changes: changesOf(visit, before, wish).filter((change) => change.before !== change.after),
        notes: before.enabled && !wish.enabled ? [visit.words.skipHint(await waitingAt(visit, id))] : [],
      }),
    };
  });

/** POST /console/webhooks/{id}/delete */
export const deleteWebhook: PageHandler = (visit, [id = '']) =>
  act(visit, 'webhooks', async (): Promise<Act> => {
    const { words } = visit;
    const webhook = await known(visit, id);
    return {
      ...about(visit, id, words.remove, 'webhookRemoved'),
      back: '/console/webhooks',
      call: { method: 'DELETE', path: pathOf(id) },
      preview: async () => ({
        changes: [{ name: webhook.url, before: stateOf(visit, webhook).text, after: words.removed }],
        notes: [words.removeHint(await waitingAt(visit, id))],
      }),
    };
  });

/** POST /console/webhooks/{id}/rotate */
export const rotateSecret: PageHandler = (visit, [id = '']) =>
  act(visit, 'webhooks', async (): Promise<Act> => {
    const { words } = visit;
    const { url } = await known(visit, id);
    return {
      ...about(visit, id, words.rotateSecret, 'secretRotated'),
      call: { method: 'POST', path: pathOf(id, 'rotate-secret') },
      preview: async () => ({
        changes: [{ name: url, before: words.oneSecret, after: words.twoSecrets }],
        notes: [words.rotateHint, words.secretShownOnce],
      }),
      shown: secretOf(visit),
    };
  });

/** POST /console/webhooks/{id}/test */
export const testWebhook: PageHandler = (visit, [id = '']) =>
  act(visit, 'webhooks', async (): Promise<Act> => {
    const { url } = await known(visit, id);
    return {
      ...about(visit, id, visit.words.sendTest, 'testSent'),
      call: { method: 'POST', path: pathOf(id, 'test') },
      preview: async () => ({ changes: [], notes: [visit.words.testHint(url)] }),
    };
  });

/** POST /console/webhooks/{id}/resend */
export const resendWebhook: PageHandler = (visit, [id = '']) =>
  act(visit, 'webhooks', async (): Promise<Act> => {
    const { words, show } = visit;
    await known(visit, id);
    const since = momentOf(visit, 'since');
    if (!since) throw new FormError(words.sinceLabel(show.zone), words.mustBeFilled);
    return {
      ...about(visit, id, words.sendAgain, 'sentAgain'),
      call: { method: 'POST', path: pathOf(id, 'resend'), body: { since } },
      preview: async () => ({
        changes: [],
        notes: [words.resendHint(`${show.time(since)} (${show.zone})`)],
      }),
    };
  });

/** GET /console/webhooks/{id}/deliveries/{delivery}/resend: asks why. */
export const resendForm: PageHandler = async (visit, [id = '', delivery = '']) => {
  const { words } = visit;
  if (!may(visit, 'webhooks')) return html(<Denied visit={visit} scope="webhooks" />, 403);
  const { url } = await known(visit, id);
  return html(
    <Layout visit={visit} title={words.sendAgain} section="webhooks">
      <section class="card">
        <p>
          <a href={hrefOf('webhooks', id)}>{url}</a>
        </p>
        <p>{words.resendOneHint}</p>
        <ActForm
          {...{ visit, id: 'resend', fields: [reasonField(visit)], submit: words.preview }}
          action={hrefOf('webhooks', id, 'deliveries', delivery, 'resend')}
        />
      </section>
    </Layout>,
  );
};

/** POST of the same. */
export const resendDelivery: PageHandler = (visit, [id = '', delivery = '']) =>
  act(visit, 'webhooks', async (): Promise<Act> => {
    const { url } = await known(visit, id);
    const call: ApiCall = { method: 'POST', path: `/deliveries/${encodeURIComponent(delivery)}/resend` };
    return {
      ...about(visit, id, visit.words.sendAgain, 'sentAgain'),
      call,
      preview: async () => ({ changes: [], notes: [url, visit.words.resendOneHint] }),
    };
  });

const about = (visit: Visit, id: string, title: string, done: string) =>
  ({ section: 'webhooks', back: hrefOf('webhooks', id), title, confirm: visit.words.confirm, done }) as const;

function changesOf(visit: Visit, before: WebhookWish | null, after: WebhookWish): Change[] {
  const { words } = visit;
  const told = ({ url, description, types, enabled }: WebhookWish): [string, string][] => [
    [words.endpoint, url],
    [words.description, description ?? '–'],
    [words.eventTypes, typesText(visit, types)],
    [words.enabled, enabled ? words.yes : words.no],
  ];
  const was = before && told(before);
  return told(after).map(([name, text], i) => ({ name, before: was?.[i]?.[1] ?? '–', after: text }));
}

/** Nothing is counted further than a page. */
async function waitingAt({ api, show }: Visit, id: string): Promise<string> {
  const { items, nextCursor } = await api.get<Page<Delivery>>(pathOf(id, 'deliveries'), {
    ...{ status: 'waiting', limit: 100 },
  });
  return nextCursor ? `${items.length}+` : show.number(items.length);
}

const secretOf =
  ({ words }: Visit) =>
  (answer: unknown) => (
    <section class="card">
      <p>{words.secretShownOnce}</p>
      <p class="secret">
        <code>{(answer as { secret: string }).secret}</code>
      </p>
    </section>
  );
