/** The same figures as /usage, straight from the entries and written anew: what the tests compare with. */
import type { Dimension, UsageRequest } from '../../src/domain/ports/usage-store.js';
import type { Queryable } from '../../src/stores/postgres/driver/database.js';
import { sumUsage } from '../../src/stores/postgres/readers/usage-store.js';

const NAME: Record<Dimension, string> = {
  hour: `to_char(date_trunc('hour', created_at at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:00:00.000"Z"')`,
  day: `to_char(created_at at time zone $3, 'YYYY-MM-DD')`,
  month: `to_char(created_at at time zone $3, 'YYYY-MM')`,
  operation: 'operation',
  tier: '(select id from tiers where number = entries.tier)',
  model: '(select name from models where number = entries.model)',
  user: '(select min(reference) from user_references r where r.user_id = entries.user_id)',
};

const FIGURES = `count(*) filter (where kind = 'charge')::bigint as commits,
  coalesce(-sum(amount) filter (where kind = 'charge'), 0)::bigint as charged,
  coalesce(sum(amount) filter (where kind = 'refund'), 0)::bigint as refunded,
  coalesce(sum(uncollected), 0)::bigint as uncollected,
  coalesce(sum(amount) filter (where kind = 'grant'), 0)::bigint as granted,
  coalesce(-sum(amount) filter (where kind = 'expiry'), 0)::bigint as expired,
  coalesce(-sum(amount) filter (where kind = 'revoke'), 0)::bigint as revoked,
  coalesce(sum(amount) filter (where kind = 'adjustment'), 0)::bigint as adjusted`;

type Row = Record<string, string | number | null>;

export const BYS: Dimension[][] = [
  [],
  ['hour'],
  ['day'],
  ['month'],
  ['operation'],
  ['tier'],
  ['model'],
  ['user'],
  ['day', 'operation'],
  ['hour', 'model'],
  ['tier', 'model'],
  ['user', 'month'],
  ['user', 'operation'],
];

export const FOREVER: Omit<UsageRequest, 'by'> = {
  ...{ from: 0, to: Date.UTC(9999, 0, 1), limit: 10_000, skip: 0, maxEntries: 10_000_000 },
  ...{ userId: undefined, operation: undefined, tier: undefined, model: undefined },
  offsets: [{ since: 0, until: Date.UTC(9999, 11, 31), hours: 0 }],
};

/** Both in the transaction's one snapshot; their rows as text, in one order. */
export async function bothSums(
  tx: Queryable,
  by: Dimension[],
  about: Partial<UsageRequest> = {},
  timezone = 'UTC',
): Promise<[string[], string[]]> {
  const request = { ...FOREVER, ...about, by };
  const keys = by.map((dimension) => `${NAME[dimension]} as "${dimension}"`);
  const values = [new Date(request.from), new Date(request.to), timezone];
  const terms = ['created_at >= $1', 'created_at < $2', "$3 <> ''", ...termsOf(request)];
  const ledger = await tx.query<Row>(
    `select ${[...keys, FIGURES].join(', ')} from entries where ${terms.join(' and ')}
     ${by.length > 0 ? `group by ${by.map((_, i) => i + 1).join(', ')}` : ''}`,
    values,
  );
  const usage = await sumUsage(tx, request);
  if (usage === 'too many entries') throw new Error(usage);
  return [
    inOrder(usage as unknown as Row[]),
    inOrder(ledger.filter((row) => by.length === 0 || hasFigures(row))),
  ];
}

const termsOf = ({ userId, operation, tier, model }: UsageRequest): string[] => [
  ...(userId === undefined ? [] : [`user_id = ${userId}`]),
  ...(operation === undefined ? [] : [`operation = '${operation}'`]),
  ...(tier === undefined ? [] : [`tier = (select number from tiers where id = '${tier}')`]),
  ...(model === undefined ? [] : [`model = (select number from models where name = '${model}')`]),
];

const hasFigures = (row: Row): boolean =>
  Object.values(row).some((value) => typeof value === 'number' && value !== 0);

/** Figures that come as text on one engine are numbers all the same. */
const inOrder = (rows: Row[]): string[] =>
  rows
    .map((row) =>
      Object.keys(row)
        .sort()
        .map((name) => `${name}=${row[name]}`)
        .join(' '),
    )
    .sort();
