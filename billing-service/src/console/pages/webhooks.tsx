import type { Page } from '../api.js';
import { ActForm } from '../parts/form.js';
import { html, Layout } from '../parts/layout.js';
import { type Cell, csvAsked, type List, ListTable } from '../parts/list.js';
import { hrefOf, may, type PageHandler, type Visit } from '../visit.js';
import type { Webhook } from '../webhook-answers.js';
import { webhookFields } from './webhook-fields.js';

/** GET /console/webhooks: where events are pushed to, and whether they arrive. */
export const webhooksPage: PageHandler = async (visit) => {
  const { api, words } = visit;
  const { items } = await api.get<Page<Webhook>>('/webhooks');
  const list = webhookList(visit, items);
  return (
    csvAsked(visit, list) ??
    html(
      <Layout visit={visit} title={words.webhooks} section="webhooks">
        <section class="card">
          <ListTable list={list} visit={visit} />
        </section>
        {may(visit, 'webhooks') && (
          <section class="card">
            <h2>{words.newWebhook}</h2>
            <ActForm
              {...{ visit, id: 'new', action: '/console/webhooks', submit: words.preview }}
              fields={webhookFields(visit, null)}
            />
          </section>
        )}
      </Layout>,
    )
  );
};

const webhookList = (visit: Visit, rows: Webhook[]): List<Webhook> => {
  const { words, show } = visit;
  return {
    ...{ id: 'webhooks', title: words.webhooks, rows, empty: words.noWebhooks },
    columns: [
      {
        name: words.endpoint,
        place: 'title',
        cell: ({ id, url, description }) => ({
          text: url,
          href: hrefOf('webhooks', id),
          note: description ?? undefined,
        }),
      },
      { name: words.state, place: 'side', cell: (webhook) => stateOf(visit, webhook) },
      { name: words.eventTypes, cell: ({ types }) => ({ text: typesText(visit, types) }) },
      { name: words.made, cell: ({ createdAt }) => ({ text: show.day(createdAt), at: createdAt }) },
    ],
  };
};

export const typesText = ({ words }: Visit, types: string[] | null): string =>
  types ? types.join(', ') : words.allTypes;

export function stateOf({ words, show }: Visit, webhook: Webhook): Cell & { text: string } {
  const { enabled, disabledFor, failingSince } = webhook;
  if (disabledFor) {
    return { text: words.givenUp, note: disabledFor === 'gone' ? words.gone : words.fiveDays, tone: 'bad' };
  }
  if (!enabled) return { text: words.off, tone: 'quiet' };
  if (failingSince) {
    return { text: words.failing, note: words.failingSince(show.fromNow(failingSince)), tone: 'bad' };
  }
  return { text: words.works, tone: 'good' };
}

/** Whether somebody should look after it. */
export const isFailing = ({ enabled, disabledFor, failingSince }: Webhook): boolean =>
  disabledFor !== null || (enabled && failingSince !== null);
