/** Makes events of the ledger's entries and of what happened besides, a page at a time and each once. */
import type { Catalogue } from '../../../domain/catalogue/catalogue.js';
import type { Happening, NewEvent } from '../../../domain/events/event.js';
import { type ToldEntry, tellEntry, tellHappening } from '../../../domain/events/tell-entry.js';
import type { CatalogueStore } from '../../../domain/ports/catalogue-store.js';
import type { Clock } from '../../../domain/ports/clock.js';
import type { LedgerReader } from '../../../domain/ports/ledger-reader.js';
import type { Database, Queryable } from '../driver/database.js';
import { happeningOf } from '../events/happening-rows.js';
import { type ChargedRow, chargeReceipts, withoutPricing } from './charge-receipts.js';
import { insertEvents } from './event-rows.js';
import { ledgerReader, type Page } from './ledger-mark.js';
import { toldUsers } from './told-users.js';

export const EVENTS_READER = 'events';

/** A charge that is no commit's (a hold has none) would have no answer; an old one may have none either. */
const ENTRIES = `select e.id, e.user_id as "userId", e.kind, e.amount, e.balance_after as "balanceAfter", e.source,
  e.operation, e.reservation_id as "reservationId", m.name as model, e.uncollected, e.metadata,
  e.created_at as "createdAt", e.tier, r.commit_available as available, r.commit_reserved as reserved,
  r.amount as hold, r.asked, r.price_version as "priceVersion", r.terms, r.commit_terms as "commitTerms"
from entries e
left join lateral (
  select * from reservations r
  where e.kind = 'charge' and r.user_id = e.user_id and r.id = e.reservation_id limit 1
) r on true
left join models m on m.number = e.model
where e.id > $1 and e.id <= $2`;

/** Those that are taken are gone: there is nothing else to be done with them. */
const TAKE = `delete from happenings where id > $1 and id <= $2
returning id, type, user_id as "userId", at, data`;

type EntryRow = Omit<ToldEntry, 'createdAt' | 'periodTokens' | 'answered' | 'receipt'> &
  ChargedRow & {
    id: number;
    createdAt: Date;
    tier: number | null;
    available: number | null;
    reserved: number | null;
  };

interface Deps {
  database: Database;
  catalogue: Pick<CatalogueStore, 'current'>;
  clock: Clock;
}

export const eventReader = ({ database, catalogue, clock }: Deps): LedgerReader =>
  ledgerReader(database, { reader: EVENTS_READER, tables: ['entries', 'happenings'] }, async (tx, page) =>
    insertEvents(tx, await eventsOf(tx, page, catalogue.current()), clock.now()),
  );

type Source = { id: number; userId: number | null } & ({ entry: ToldEntry } | { happening: Happening });

async function eventsOf(
  tx: Pick<Queryable, 'query'>,
  { after, through }: Page,
  catalogue: Catalogue,
): Promise<NewEvent[]> {
  const sources = [...(await entriesOf(tx, after, through, catalogue)), ...(await taken(tx, after, through))];
  const users = await toldUsers(tx, [...new Set(sources.flatMap(({ userId }) => userId ?? []))]);
  const { prices } = catalogue.priceList;
  return sources
    .sort((a, b) => a.id - b.id)
    .flatMap((source) => {
      const about = source.userId === null ? null : users.get(source.userId);
      if (about === undefined) return [];
      if ('happening' in source) return tellHappening(source.happening, about, prices);
      return about ? tellEntry(source.entry, about, prices) : [];
    });
}

async function entriesOf(
  tx: Pick<Queryable, 'query'>,
  after: number,
  through: number,
  catalogue: Catalogue,
): Promise<Source[]> {
  const rows = await tx.query<EntryRow>(ENTRIES, [after, through]);
  const monthly = new Map(
    [...catalogue.tierNumbers].map(([id, number]) => [number, catalogue.tiers.get(id)?.monthlyTokens ?? 0]),
  );
  const receipts = await chargeReceipts(tx, rows);
  return rows.map((line) => {
    const { id, createdAt, tier, available, reserved, ...row } = withoutPricing(line);
    const isKnown = available !== null && reserved !== null;
    const entry = {
      ...row,
      createdAt: createdAt.getTime(),
      periodTokens: (tier !== null && monthly.get(tier)) || 0,
      receipt: receipts.get(id) ?? null,
      answered: isKnown ? { available, reserved, total: available + reserved } : null,
    };
    return { id, userId: row.userId, entry };
  });
}

async function taken(tx: Pick<Queryable, 'query'>, after: number, through: number): Promise<Source[]> {
  const rows = await tx.query<Parameters<typeof happeningOf>[0]>(TAKE, [after, through]);
  return rows.map((row) => ({ id: row.id, userId: row.userId, happening: happeningOf(row) }));
}
