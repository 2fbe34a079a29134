import type {
  AuditLine,
  BalanceView,
  Entry,
  LimitState,
  Payment,
  Reservation,
  Tier,
  User,
} from '../answers.js';
import type { Page } from '../api.js';
import { html, Layout } from '../parts/layout.js';
import { csvAsked, type List, ListTable } from '../parts/list.js';
import type { Operation } from '../priced-answers.js';
import { may, type PageHandler, type Visit } from '../visit.js';
import { auditList } from './audit-log.js';
import { Standing } from './limit-user.js';
import { UserActions } from './user-actions.js';
import { entryList, holdList, paymentList } from './user-lists.js';
import { Limits, PaidTime, Purse } from './user-purse.js';

const ENTRIES = 20;

/** All of one user: tokens first, then limits, holds, what happened, and what can be done. */
export const userPage: PageHandler = async (visit, [reference = '']) => {
  const found = await readUser(visit, reference);
  const lists = {
    holds: holdList(visit, found.holds.items),
    entries: entryList(visit, found.entries),
    payments: paymentList(visit, found.payments.items, false),
    log: auditList(visit, found.log, false),
  };
  // The ledger's list comes first for who names none.
  const csv = csvAsked(visit, lists.entries, ...Object.values(lists));
  if (csv) return csv;
  const limits = may(visit, 'limits') ? await limitsOf(visit, reference) : [];
  const { user, balance, tiers } = found;
  const tier = tiers.items.find(({ id }) => id === balance.tier);
  return html(
    <Layout visit={visit} title={[user.firstName, user.user].filter(Boolean).join(' · ')} section="users">
      <Facts visit={visit} user={user} />
      <div class="columns">
        <div>
          <Standing visit={visit} user={user} tier={tier} />
          <Purse visit={visit} balance={balance} tier={tier} />
          <PaidTime visit={visit} balance={balance} />
          <Limits visit={visit} limits={limits} />
        </div>
        {may(visit, 'grants') && <UserActions {...{ visit, user, tiers: tiers.items, balance }} />}
      </div>
      {Object.entries(lists).map(([id, list]) => (
        <section class="card" id={id}>
          <h2>{list.title}</h2>
          <ListTable list={list as List<unknown>} visit={visit} />
        </section>
      ))}
    </Layout>,
  );
};

const Facts = ({ visit: { words, show }, user }: { visit: Visit; user: User }) => (
  <p class="facts">
    {user.references.map((name) => (
      <code>{name}</code>
    ))}
    {[user.username && `@${user.username}`, user.locale, `${words.since} ${show.day(user.createdAt)}`]
      .filter(Boolean)
      .map((fact) => (
        <span>{fact}</span>
      ))}
  </p>
);

async function readUser({ api, request }: Visit, reference: string) {
  const path = `/users/${encodeURIComponent(reference)}`;
  const [user, balance, holds, entries, payments, tiers, log] = await Promise.all([
    api.get<User>(path),
    api.get<BalanceView>(`${path}/balance`),
    api.get<Page<Reservation>>(`${path}/reservations`, { status: 'open', limit: 50 }),
    api.get<Page<Entry>>(`${path}/entries`, { limit: ENTRIES, cursor: request.query.cursor }),
    api.get<Page<Payment>>('/payments', { user: reference, limit: 20 }),
    api.get<Page<Tier>>('/tiers', { limit: 100 }),
    api.get<Page<AuditLine>>('/audit-log', { user: reference, limit: 10 }),
  ]);
  // These are looked at whole on pages of their own: here only the ledger has further pages.
  return { user, balance, holds, entries, payments, tiers, log: { items: log.items } };
}

const MAX_PEEKS = 12;

/** As they stand now: a look at them counts nothing. A policy of all operations is told with each of them, and shown once. */
async function limitsOf({ api }: Visit, user: string): Promise<LimitState[]> {
  const operations = await api.get<Page<Operation>>('/operations', { limit: MAX_PEEKS });
  const answers = await Promise.all(
    operations.items.map(({ id }) => {
      const body = { user, operation: id, peek: true };
      return api
        .send({ method: 'POST', path: '/limits/check', body })
        .then((answer) => (answer as { policies: LimitState[] }).policies)
        .catch(() => []);
    }),
  );
  const byName = new Map(
    answers.flat().map((policy) => [`${policy.operation} ${policy.windowSeconds}`, policy]),
  );
  return [...byName.values()];
}
