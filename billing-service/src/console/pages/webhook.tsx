import { DELIVERY_STATUSES } from '../../domain/webhooks/webhook.js';
import type { Page } from '../api.js';
import { ActForm, Filters } from '../parts/form.js';
import { html, Layout } from '../parts/layout.js';
import { csvAsked, type List, ListTable } from '../parts/list.js';
import { hrefOf, may, type PageHandler, type Visit } from '../visit.js';
import type { Attempt, Delivery, Webhook } from '../webhook-answers.js';
import { wordFor } from '../words/words.js';
import { reasonField } from './reason-field.js';
import { webhookFields } from './webhook-fields.js';
import { stateOf, typesText } from './webhooks.js';

const PAGE = 50;

/** GET /console/webhooks/{id}: one endpoint, what was sent to it, and what can be done. */
export const webhookPage: PageHandler = async (visit, [id = '']) => {
  const { api, words, request } = visit;
  const path = `/webhooks/${encodeURIComponent(id)}`;
  const { status, cursor } = request.query;
  const [webhook, page] = await Promise.all([
    api.get<Webhook>(path),
    api.get<Page<Delivery>>(`${path}/deliveries`, { status, cursor, limit: PAGE }),
  ]);
  const list = deliveryList(visit, webhook, page);
  return (
    csvAsked(visit, list) ??
    html(
      <Layout visit={visit} title={webhook.url} section="webhooks">
        <div class="columns">
          <Facts visit={visit} webhook={webhook} />
          {may(visit, 'webhooks') && <Actions visit={visit} webhook={webhook} />}
        </div>
        <section class="card" id="deliveries">
          <h2>{words.deliveries}</h2>
          <Filters
            {...{ action: hrefOf('webhooks', id), submit: words.show }}
            fields={[
              { name: 'status', label: words.state, type: 'select', value: status, options: states(visit) },
            ]}
          />
          <ListTable list={list} visit={visit} />
        </section>
      </Layout>,
    )
  );
};

const states = ({ words }: Visit) => [
  { value: '', text: words.anyState },
  ...DELIVERY_STATUSES.map((value) => ({ value, text: words.deliveryStates[value] })),
];

function Facts({ visit, webhook }: { visit: Visit; webhook: Webhook }) {
  const { words, show } = visit;
  const { text, note, tone } = stateOf(visit, webhook);
  return (
    <section class="card">
      <h2>{words.endpoint}</h2>
      <p class={tone}>{[text, note].filter(Boolean).join(', ')}</p>
      {webhook.description && <p>{webhook.description}</p>}
      <dl class="pairs">
        <div>
          <dt>{words.made}</dt>
          <dd>{show.time(webhook.createdAt)}</dd>
        </div>
        <div>
          <dt>{words.eventTypes}</dt>
          <dd>{typesText(visit, webhook.types)}</dd>
        </div>
      </dl>
    </section>
  );
}

/** Each form leads to a preview first. */
function Actions({ visit, webhook }: { visit: Visit; webhook: Webhook }) {
  const { words, show } = visit;
  const since = {
    ...{ name: 'since', label: words.sinceLabel(show.zone), isRequired: true },
    type: 'datetime-local' as const,
  };
  const forms = [
    { name: 'test', title: words.sendTest, fields: [reasonField(visit)] },
    { name: 'resend', title: words.resendSince, fields: [since, reasonField(visit)] },
    { name: 'edit', title: words.editWebhook, fields: webhookFields(visit, webhook) },
    { name: 'rotate', title: words.rotateSecret, fields: [reasonField(visit)] },
    { name: 'delete', title: words.remove, fields: [reasonField(visit)] },
  ];
  return (
    <section class="card actions" aria-labelledby="actions">
      <h2 id="actions">{words.actions}</h2>
      {forms.map(({ name, title, fields }) => (
        <details>
          <summary>{title}</summary>
          <ActForm
            {...{
              visit,
              fields,
              id: name,
              action: hrefOf('webhooks', webhook.id, name),
              submit: words.preview,
            }}
          />
        </details>
      ))}
    </section>
  );
}

const TONES: Record<string, 'good' | 'bad' | 'quiet'> = {
  delivered: 'good',
  failed: 'bad',
  skipped: 'quiet',
};

function deliveryList(visit: Visit, { id }: Webhook, page: Page<Delivery>): List<Delivery> {
  const { words } = visit;
  const again = {
    name: words.sendAgain,
    place: 'plain' as const,
    cell: (delivery: Delivery) => ({
      ...{ text: words.resend, raw: '' },
      href: hrefOf('webhooks', id, 'deliveries', delivery.id, 'resend'),
    }),
  };
  return {
    ...{ id: 'deliveries', title: words.deliveries, rows: page.items, empty: words.noDeliveries },
    nextCursor: page.nextCursor,
    columns: [
      { name: words.event, place: 'title', cell: ({ type, eventId }) => ({ text: type, note: eventId }) },
      {
        name: words.state,
        place: 'side',
        cell: ({ status }) => ({
          ...{ text: wordFor(words.deliveryStates, status), raw: status, tone: TONES[status] },
        }),
      },
      { name: words.nextAttempt, cell: (delivery) => nextOf(visit, delivery) },
      { name: words.attemptsName, place: 'plain', cell: ({ attempts }) => attemptsOf(visit, attempts) },
      ...(may(visit, 'webhooks') ? [again] : []),
    ],
  };
}

function nextOf({ words, show }: Visit, { status, nextAttemptAt }: Delivery) {
  if (status !== 'waiting') return { text: '' };
  return nextAttemptAt ? { text: show.fromNow(nextAttemptAt), at: nextAttemptAt } : { text: words.inItsTurn };
}

function attemptsOf(visit: Visit, attempts: Attempt[]) {
  const last = attempts.at(-1);
  if (!last) return { text: '' };
  const { words, show } = visit;
  const summary = `${words.attempts(attempts.length)}, ${show.time(last.at)}: ${last.status ?? words.noAnswer}`;
  return { folded: { summary, lines: attempts.map((attempt) => attemptText(visit, attempt)) } };
}

const attemptText = ({ words, show }: Visit, { at, status, ms, body }: Attempt): string =>
  `${show.time(at)} · ${status ?? words.noAnswer} · ${show.number(ms)} ms · ${body}`;
