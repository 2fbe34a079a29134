import type { Pack, Price, Tier } from '../answers.js';
import type { Page } from '../api.js';
import { html, Layout } from '../parts/layout.js';
import { csvAsked, type List, ListTable } from '../parts/list.js';
import type { Operation } from '../priced-answers.js';
import { hrefOf, may, type PageHandler, type Visit } from '../visit.js';
import { limitsText } from './user-changes.js';

const pricesText = ({ show }: Visit, prices: Price[]) =>
  prices.map(({ amount, currency }) => show.money(amount, currency)).join(', ');

export const cataloguePage: PageHandler = async (visit) => {
  const { api, words } = visit;
  const [tiers, operations, packs] = await Promise.all([
    api.get<Page<Tier>>('/tiers', { limit: 100 }),
    api.get<Page<Operation>>('/operations', { limit: 100 }),
    api.get<Page<Pack>>('/packs', { limit: 100 }),
  ]);
  const lists = [
    tierList(visit, tiers.items),
    operationList(visit, operations.items),
    packList(visit, packs.items),
  ];
  return (
    csvAsked(visit, ...lists) ??
    html(
      <Layout visit={visit} title={words.catalogue} section="catalogue">
        {lists.map((list) => (
          <section class="card">
            <h2>{list.title}</h2>
            <ListTable list={list as List<unknown>} visit={visit} />
            {may(visit, 'admin') && <NewThing visit={visit} kind={list.id} />}
          </section>
        ))}
      </Layout>,
    )
  );
};

const NewThing = ({ visit: { words }, kind }: { visit: Visit; kind: string }) => (
  <form method="get" action={hrefOf('catalogue', kind)} class="search new">
    <label for={`new-${kind}`}>{words.newId}</label>
    <input {...{ id: `new-${kind}`, name: 'id', required: true, autocomplete: 'off' }} />
    <button type="submit" class="plain">
      {words.add}
    </button>
  </form>
);

const edit = (visit: Visit, ...path: string[]) =>
  may(visit, 'admin') ? hrefOf('catalogue', ...path) : undefined;

const tierList = (visit: Visit, rows: Tier[]): List<Tier> => {
  const { words, show } = visit;
  return {
    ...{ id: 'tiers', title: words.tiers, rows, empty: words.nothingYet },
    columns: [
      {
        name: words.tier,
        place: 'title',
        cell: ({ id, name }) => ({ text: name, note: id, href: edit(visit, 'tiers', id) }),
      },
      {
        name: words.monthlyTokens,
        isNumber: true,
        cell: ({ monthlyTokens }) => ({ text: show.number(monthlyTokens), raw: monthlyTokens }),
      },
      {
        name: words.limits,
        cell: (tier) => ({ text: limitsText(visit, tier) }),
      },
      {
        name: words.overdraft,
        isNumber: true,
        cell: ({ overdraft }) => ({ text: show.number(overdraft), raw: overdraft }),
      },
      { name: words.price, cell: ({ prices }) => ({ text: pricesText(visit, prices) }) },
    ],
  };
};

const operationList = (visit: Visit, rows: Operation[]): List<Operation> => {
  const { words, show } = visit;
  return {
    ...{ id: 'operations', title: words.operations, rows, empty: words.nothingYet },
    columns: [
      {
        name: words.operation,
        place: 'title',
        cell: ({ id, name }) => ({ text: name, note: id, href: edit(visit, 'operations', id) }),
      },
      {
        name: words.priceInTokens,
        place: 'side',
        isNumber: true,
        cell: ({ price }) => ({ text: show.number(price), raw: price }),
      },
      {
        name: words.fields.rates,
        cell: ({ rates }) => ({
          text: rates
            .map(({ price, per, unit, model }) =>
              words.rate(show.number(price), show.number(per), unit, model),
            )
            .join('; '),
        }),
      },
    ],
  };
};

const packList = (visit: Visit, rows: Pack[]): List<Pack> => {
  const { words, show } = visit;
  return {
    ...{ id: 'packs', title: words.packs, rows, empty: words.nothingYet },
    columns: [
      {
        name: words.name,
        place: 'title',
        cell: ({ id, name }) => ({ text: name, note: id, href: edit(visit, 'packs', id) }),
      },
      {
        name: words.tokens,
        place: 'side',
        isNumber: true,
        cell: ({ tokens }) => ({ text: show.number(tokens), raw: tokens }),
      },
      { name: words.price, cell: ({ prices }) => ({ text: pricesText(visit, prices) }) },
    ],
  };
};
