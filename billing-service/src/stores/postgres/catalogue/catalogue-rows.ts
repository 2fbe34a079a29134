import type {
  Catalogue,
  Operation,
  Pack,
  Price,
  PriceList,
  PriceVersion,
  Tier,
} from '../../../domain/catalogue/catalogue.js';
import { operationItem, packItem, rateItem, tierItem } from '../../../domain/catalogue/catalogue-item.js';
import { textArray } from '../driver/array-literal.js';
import type { Queryable } from '../driver/database.js';

/**
 * Writers of the catalogue hold it until commit, so they see each other's changes and the newest list has all prices.
 */
export const CATALOGUE_LOCK = 'select pg_advisory_xact_lock(7203416)';

interface TierRow {
  id: string;
  name: string;
  monthly_tokens: number;
  overdraft: number;
  max_open_reservations: number | null;
  requires_channel: boolean;
  grace_seconds: number;
  prices: Price[];
  policies: Tier['policies'];
  features: string[];
  position: number;
  number: number;
}

interface PriceListRow {
  id: number;
  prices: Record<string, number>;
}

interface CatalogueRow {
  tiers: TierRow[];
  operations: (Operation & { version: number })[];
  packs: Pack[];
  price_list: PriceListRow;
}

/** One statement reads all of it at the same moment, so prices never disagree with their list. */
const LOAD = `select
  coalesce((select json_agg(t) from tiers t), '[]') as tiers,
  coalesce((select json_agg(o) from (
    select o.*, (select max(version) from operation_prices p where p.operation = o.id) as version from operations o
  ) o), '[]') as operations,
  coalesce((select json_agg(p) from packs p), '[]') as packs,
  (select row_to_json(l) from price_lists l order by id desc limit 1) as price_list`;

export async function loadCatalogue(database: Queryable): Promise<Catalogue> {
  const [row] = await database.query<CatalogueRow>(LOAD);
  if (!row?.price_list) throw new Error('the catalogue was never seeded');
  return {
    tiers: byId(row.tiers.map(asTier).sort((a, b) => a.position - b.position || compare(a.id, b.id))),
    operations: byId(row.operations.map(operationItem).sort((a, b) => compare(a.id, b.id))),
    packs: byId(row.packs.map(packItem).sort((a, b) => compare(a.id, b.id))),
    priceList: asPriceList(row.price_list),
    tierNumbers: new Map(row.tiers.map(({ id, number }) => [id, number])),
    priceVersions: new Map(row.operations.map(({ id, version }) => [id, version])),
  };
}

export async function loadPriceList(database: Queryable, id: number): Promise<PriceList> {
  const [row] = await database.query<PriceListRow>('select id, prices from price_lists where id = $1', [id]);
  if (!row) throw new Error(`price list ${id} is missing`);
  return asPriceList(row);
}

const VERSIONS = `select p.operation, p.version, p.price, p.rates, p.unpriced
from unnest($1::text[], $2::integer[]) as wanted(operation, version)
join operation_prices p using (operation, version)`;

type NamedVersion = PriceVersion & { operation: string };

/** Versions that never change; those that are not there are left out. */
export async function loadPriceVersions(
  database: Pick<Queryable, 'query'>,
  wanted: readonly Pick<NamedVersion, 'operation' | 'version'>[],
): Promise<NamedVersion[]> {
  const names = [textArray(wanted.map(({ operation }) => operation)), wanted.map(({ version }) => version)];
  const rows = await database.query<NamedVersion>(VERSIONS, names);
  return rows.map((row) => ({ ...row, rates: row.rates.map(rateItem) }));
}

export async function loadPriceVersion(
  database: Queryable,
  operation: string,
  version: number,
): Promise<PriceVersion> {
  const [found] = await loadPriceVersions(database, [{ operation, version }]);
  if (!found) throw new Error(`version ${version} of the prices of ${operation} is missing`);
  return found;
}

// jsonb does not keep the order of keys. Answers must be the same each time, so the keys are sorted here.
const asPriceList = (row: PriceListRow): PriceList =>
  Object.freeze({
    id: row.id,
    prices: Object.freeze(Object.fromEntries(Object.entries(row.prices).sort(([a], [b]) => compare(a, b)))),
  });

const asTier = ({
  monthly_tokens,
  max_open_reservations,
  requires_channel,
  grace_seconds,
  number: _,
  ...tier
}: TierRow) =>
  tierItem({
    ...tier,
    graceSeconds: grace_seconds,
    monthlyTokens: monthly_tokens,
    maxOpenReservations: max_open_reservations,
    requiresChannel: requires_channel,
  });

const byId = <T extends { id: string }>(items: T[]): Map<string, T> =>
  new Map(items.map((item) => [item.id, item]));
/** By code unit, independent of the database's collation. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
