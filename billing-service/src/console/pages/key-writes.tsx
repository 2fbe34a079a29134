import type { ApiKey } from '../answers.js';
import type { Page } from '../api.js';
import { type Act, act, Denied } from '../parts/act.js';
import { ActForm, type Field, wholeNumber } from '../parts/form.js';
import { html, Layout } from '../parts/layout.js';
import { hrefOf, may, type PageHandler, type Visit } from '../visit.js';
import { ShownOnce } from './keys.js';
import { reasonField } from './reason-field.js';

const HOUR_S = 3_600;
const GRACES_S = [24 * HOUR_S, 7 * 24 * HOUR_S, HOUR_S, 0];

const graceText = ({ words, show }: Visit, seconds: number): string =>
  seconds === 0 ? words.atOnce : show.length(seconds);

/** By name, where it is among the newest hundred. */
async function nameOf({ api }: Visit, id: string): Promise<string> {
  const { items } = await api.get<Page<ApiKey>>('/api-keys', { limit: 100 });
  const key = items.find((one) => one.id === id);
  return key ? `${key.name} (${key.prefix}…)` : id;
}

const keyForm = async (visit: Visit, id: string, what: 'rotate' | 'revoke', fields: Field[]) => {
  const { words } = visit;
  if (!may(visit, 'admin')) return html(<Denied visit={visit} scope="admin" />, 403);
  return html(
    <Layout visit={visit} title={what === 'rotate' ? words.replaceKey : words.revokeKey} section="keys">
      <section class="card">
        <p>
          <code>{await nameOf(visit, id)}</code>
        </p>
        <p>{what === 'rotate' ? words.rotateKeyHint : words.revokeWarns}</p>
        <ActForm {...{ visit, id: what, fields, submit: words.preview }} action={hrefOf('keys', id, what)} />
      </section>
    </Layout>,
  );
};

/** GET /console/keys/{id}/rotate: asks why, and how long both work. */
export const rotateForm: PageHandler = (visit, [id = '']) =>
  keyForm(visit, id, 'rotate', [
    {
      ...{ name: 'graceSeconds', label: visit.words.grace, type: 'select' },
      options: GRACES_S.map((seconds) => ({ value: String(seconds), text: graceText(visit, seconds) })),
    },
    reasonField(visit),
  ]);

/** POST of the same. */
export const rotateKey: PageHandler = (visit, [id = '']) =>
  act(visit, 'admin', async (): Promise<Act> => {
    const { words } = visit;
    const graceSeconds = wholeNumber(visit, 'graceSeconds');
    return {
      ...{ title: words.replaceKey, section: 'keys', back: '/console/keys', done: 'keyReplaced' },
      preview: async () => ({
        changes: [
          {
            name: await nameOf(visit, id),
            before: words.oneKey,
            after: words.keyReplaced(graceText(visit, graceSeconds)),
          },
        ],
        notes: [words.rotateKeyHint, words.keyShownOnce],
      }),
      confirm: words.confirm,
      call: { method: 'POST', path: `/api-keys/${encodeURIComponent(id)}/rotate`, body: { graceSeconds } },
      shown: (answer) => <ShownOnce visit={visit} answer={answer} />,
    };
  });

/** GET /console/keys/{id}/revoke: asks why. */
export const revokeForm: PageHandler = (visit, [id = '']) =>
  keyForm(visit, id, 'revoke', [reasonField(visit)]);

/** POST of the same. */
export const revokeKey: PageHandler = (visit, [id = '']) =>
  act(visit, 'admin', async (): Promise<Act> => {
    const { words } = visit;
    return {
      ...{ title: words.revokeKey, section: 'keys', back: '/console/keys', done: 'keyRevoked' },
      preview: async () => ({
        changes: [{ name: await nameOf(visit, id), before: words.valid, after: words.revoked }],
        notes: [words.revokeWarns],
      }),
      confirm: words.revokeKey,
      call: { method: 'DELETE', path: `/api-keys/${encodeURIComponent(id)}` },
    };
  });
