/** Whom a change of the catalogue touches, and what it would have cost. */
import type { LimitState, ListedUser, Policy, Usage } from '../answers.js';
import type { Page } from '../api.js';
import type { Visit } from '../visit.js';
import type { Kind, Thing } from './catalogue-members.js';

const WEEK_MS = 7 * 86_400_000;
/** Looks at limits, each a call: of more users than that nobody waits to hear. */
const MAX_LOOKS = 100;

export async function touches(visit: Visit, kind: Kind, before: Thing, after: Thing): Promise<string[]> {
  const { words } = visit;
  if (kind === 'operations') return [words.touchesAll, ...(await lastWeek(visit, before, after))];
  if (kind === 'packs') return [words.touchesBuyers];
  return onTier(visit, before, after);
}

/** Of the price alone: what was charged is known, the units of the work are not. */
async function lastWeek({ api, words, show, now }: Visit, before: Thing, after: Thing): Promise<string[]> {
  const from = new Date(Math.floor((now - WEEK_MS) / 3_600_000) * 3_600_000).toISOString();
  const { items } = await api.get<Usage>('/usage', { operation: before.id, from });
  const { commits = 0, charged = 0 } = items[0] ?? {};
  const told = words.lastWeekCost(show.number(commits), show.number(charged));
  if (hasRates(before) || hasRates(after)) return [told, words.ratesNotTold];
  const [was, is] = [Number(before.price), Number(after.price)];
  const would = was > 0 ? Math.round((charged * is) / was) : commits * is;
  return [told, words.wouldHaveCost(show.number(would))];
}

const hasRates = ({ rates }: Thing): boolean => Array.isArray(rates) && rates.length > 0;

/** Nothing is counted further than a page. */
async function onTier(visit: Visit, before: Thing, after: Thing): Promise<string[]> {
  const { api, words, show } = visit;
  const { items, nextCursor } = await api.get<Page<ListedUser>>('/users', { tier: before.id, limit: 100 });
  const touched = words.touchesTier(nextCursor ? `${items.length}+` : String(items.length));
  const lowered = loweredOf(before, after);
  if (lowered.length === 0 || items.length === 0) return [touched];
  // Who has limits of their own does not feel those of the tier.
  const users = items
    .filter(({ overrides }) => !overrides?.policies)
    .slice(0, Math.max(1, Math.floor(MAX_LOOKS / lowered.length)));
  const above = await Promise.all(users.map(({ user }) => isAbove(visit, user, lowered)));
  const count = above.filter(Boolean).length;
  return [touched, words.aboveLimit(show.number(count), show.number(users.length))];
}

const samePolicy = (a: Policy, b: Policy) =>
  a.operation === b.operation && a.windowSeconds === b.windowSeconds;

/** The new limits that are less than what they replace. */
function loweredOf(before: Thing, after: Thing): Policy[] {
  const policiesOf = ({ policies }: Thing) => (Array.isArray(policies) ? (policies as Policy[]) : []);
  return policiesOf(after).filter((policy) =>
    policiesOf(before).some((old) => samePolicy(old, policy) && policy.limit < old.limit),
  );
}

/** A look counts nothing. */
async function isAbove(visit: Visit, user: string, lowered: Policy[]): Promise<boolean> {
  const looks = lowered.map(async (policy) => {
    const operation = policy.operation === '*' ? await anyOperation(visit) : policy.operation;
    const body = { user, operation, peek: true };
    const answer = await visit.api.send({ method: 'POST', path: '/limits/check', body });
    const now = (answer as { policies: LimitState[] }).policies.find((one) => samePolicy(one, policy));
    return now !== undefined && now.limit - now.remaining > policy.limit;
  });
  return (await Promise.all(looks)).some(Boolean);
}

async function anyOperation({ api }: Visit): Promise<string> {
  const { items } = await api.get<Page<{ id: string }>>('/operations', { limit: 1 });
  return items[0]?.id ?? '';
}
