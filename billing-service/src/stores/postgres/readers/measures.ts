/** What usage counts, each from one line `e` of the ledger: the only place that says so. */
const amountOf = (kind: string, sign = '') => `case when e.kind = '${kind}' then ${sign}e.amount else 0 end`;

const OF_ENTRY = {
  commits: `case when e.kind = 'charge' then 1 else 0 end`,
  charged: amountOf('charge', '-'),
  refunded: amountOf('refund'),
  uncollected: 'coalesce(e.uncollected, 0)',
  granted: amountOf('grant'),
  expired: amountOf('expiry', '-'),
  revoked: amountOf('revoke', '-'),
  adjusted: amountOf('adjustment'),
};

export const MEASURES = Object.keys(OF_ENTRY) as (keyof typeof OF_ENTRY)[];
const each = (write: (name: keyof typeof OF_ENTRY) => string): string => MEASURES.map(write).join(', ');

export const NAMES = MEASURES.join(', ');
export const OF_EACH = each((name) => `${OF_ENTRY[name]} as ${name}`);
export const OF_ALL = each((name) => `sum(${OF_ENTRY[name]})::bigint as ${name}`);
/** What is in a wider sum, too. */
export const TAKEN_OFF = each((name) => `-${name} as ${name}`);
export const SUMS = each((name) => `coalesce(sum(${name}), 0)::bigint as ${name}`);
export const NOT_ALL_ZERO = MEASURES.map((name) => `sum(${name}) <> 0`).join(' or ');
export const addedTo = (table: string): string =>
  each((name) => `${name} = ${table}.${name} + excluded.${name}`);
