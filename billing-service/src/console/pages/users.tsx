import type { ListedUser, Payment, Reservation, Tier } from '../answers.js';
import type { Page } from '../api.js';
import { redirect } from '../exchange.js';
import { html, Layout } from '../parts/layout.js';
import { csvAsked, type List, ListTable } from '../parts/list.js';
import { hrefOf, type PageHandler, type Visit } from '../visit.js';

const PAGE = 25;

/** One box for all that names a user: ids of reservations and payments lead to whose they are. */
export const usersPage: PageHandler = async (visit) => {
  const { api, request, words } = visit;
  const { tier, cursor } = request.query;
  const q = (request.query.q ?? '').trim();
  const owner = await ownerOf(visit, q);
  if (owner) return redirect(owner);
  const [tiers, found] = await Promise.all([
    api.get<Page<Tier>>('/tiers', { limit: 100 }),
    // The API takes no single letter for a search.
    q.length === 1
      ? { items: [] }
      : api.get<Page<ListedUser>>('/users', { search: q.slice(0, 128), tier, cursor, limit: PAGE }),
  ]);
  const list = listOf(visit, found);
  return (
    csvAsked(visit, list) ??
    html(
      <Layout visit={visit} title={words.users} section="users">
        <form method="get" action="/console/users" class="search">
          <label for="q" class="unseen">
            {words.search}
          </label>
          <input
            {...{
              id: 'q',
              name: 'q',
              type: 'search',
              value: q,
              placeholder: words.searchHint,
              autocomplete: 'off',
            }}
            {...LIVE}
          />
          <label for="tier" class="unseen">
            {words.tier}
          </label>
          <select id="tier" name="tier">
            <option value="">{words.anyTier}</option>
            {tiers.items.map(({ id, name }) => (
              <option value={id} selected={id === tier}>
                {name}
              </option>
            ))}
          </select>
          <button type="submit">{words.search}</button>
        </form>
        <div id="found" class="card" aria-live="polite">
          <ListTable list={list} visit={visit} />
        </div>
      </Layout>,
    )
  );
};

/** With JavaScript the list follows the typing, and so does the address. */
const LIVE = {
  'hx-get': '/console/users',
  'hx-trigger': 'input changed delay:300ms',
  'hx-include': 'closest form',
  'hx-target': '#found',
  'hx-select': '#found',
  'hx-swap': 'outerHTML',
  'hx-push-url': 'true',
};

const listOf = ({ words, show }: Visit, page: Page<ListedUser>): List<ListedUser> => ({
  id: 'users',
  title: words.users,
  rows: page.items,
  nextCursor: page.nextCursor,
  empty: words.nobodyFound,
  columns: [
    {
      name: words.user,
      place: 'title',
      cell: ({ user, references }) => ({
        text: user,
        href: hrefOf('users', user),
        note: references.length > 1 ? references.slice(1).join(', ') : undefined,
      }),
    },
    {
      name: words.name,
      place: 'plain',
      cell: ({ firstName, username }) => ({
        text: firstName ?? '',
        note: username ? `@${username}` : undefined,
      }),
    },
    { name: words.tier, place: 'plain', cell: ({ tier }) => ({ text: tier }) },
    {
      name: words.available,
      place: 'side',
      isNumber: true,
      cell: ({ balance }) => ({
        text: show.number(balance.available),
        raw: balance.available,
        note: balance.reserved > 0 ? `${words.held} ${show.number(balance.reserved)}` : undefined,
        tone: balance.available < 0 ? 'bad' : undefined,
      }),
    },
    { name: words.since, cell: ({ createdAt }) => ({ text: show.day(createdAt), at: createdAt }) },
  ],
});

/** The page of what an id names; null where it names nothing. */
async function ownerOf({ api }: Visit, q: string): Promise<string | null> {
  if (/^rsv_[!-~]{1,124}$/.test(q)) {
    const found = await api.find<Reservation>(`/tokens/reservations/${encodeURIComponent(q)}`);
    return found && hrefOf('reservations', found.reservationId);
  }
  if (q.length < 6 || q.length > 255 || /\s/.test(q)) return null;
  const { items } = await api.get<Page<Payment>>('/payments', { paymentId: q, limit: 1 });
  return items[0] ? `${hrefOf('users', items[0].user)}#payments` : null;
}
