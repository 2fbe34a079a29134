import type { Page } from '../api.js';
import type { RefusalRow } from '../figure-answers.js';
import { Filters } from '../parts/form.js';
import { html, Layout } from '../parts/layout.js';
import { csvAsked, type List, ListTable } from '../parts/list.js';
import { hrefOf, type PageHandler, type Visit } from '../visit.js';
import { wordFor } from '../words/words.js';

const PAGE = 50;

/** GET /console/refusals: who met a limit, ran out of tokens, was blocked or held too much. */
export const refusalsPage: PageHandler = async (visit) => {
  const { api, request, words, show } = visit;
  const { cursor, user, operation, code, from, to } = request.query;
  const page = await api.get<Page<RefusalRow>>('/refusals', {
    ...{ cursor, user, operation, code, from, to },
    limit: PAGE,
  });
  const list = refusalList(visit, page);
  const codes = Object.entries(words.refusalCodes).map(([value, text]) => ({ value, text }));
  return (
    csvAsked(visit, list) ??
    html(
      <Layout visit={visit} title={words.refusals} section="refusals">
        <Filters
          {...{ action: '/console/refusals', submit: words.show }}
          fields={[
            {
              ...{ name: 'code', label: words.why, type: 'select', value: code },
              options: [{ value: '', text: words.anyReason }, ...codes],
            },
            { name: 'user', label: words.user, value: user },
            { name: 'operation', label: words.operation, value: operation },
          ]}
        />
        <section class="card">
          <ListTable list={list} visit={visit} />
        </section>
        <p class="quiet">
          {from && `${words.usageFrom(show.time(from), to ? show.time(to) : words.now)} `}
          {words.refusalsKept}
        </p>
      </Layout>,
    )
  );
};

const refusalList = ({ words, show }: Visit, page: Page<RefusalRow>): List<RefusalRow> => ({
  ...{ id: 'refusals', title: words.refusals, rows: page.items, empty: words.nobodyRefused },
  nextCursor: page.nextCursor,
  columns: [
    { name: words.hour, place: 'plain', cell: ({ hour }) => ({ text: show.time(hour), at: hour }) },
    {
      name: words.user,
      place: 'title',
      cell: ({ user }) => ({ text: user ?? '–', href: user ? hrefOf('users', user) : undefined }),
    },
    { name: words.operation, place: 'plain', cell: ({ operation }) => ({ text: operation }) },
    {
      name: words.why,
      place: 'plain',
      cell: ({ code }) => ({ text: wordFor(words.refusalCodes, code), raw: code }),
    },
    {
      ...{ name: words.times, place: 'side', isNumber: true },
      cell: ({ count }) => ({ text: show.number(count), raw: count }),
    },
  ],
});
