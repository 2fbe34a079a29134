import { affordable } from '../../domain/account/balance.js';
import type { Picture, Policy, Tier } from '../answers.js';
import type { Page } from '../api.js';
import type { ApiCall } from '../exchange.js';
import type { Change, Effect } from '../parts/act.js';
import type { Operation } from '../priced-answers.js';
import type { Visit } from '../visit.js';

/** What a call would do to its user, as the service itself found by trying: balance, what that buys, plan and limits. */
export async function userChanges(visit: Visit, call: ApiCall): Promise<Effect & { before: Picture }> {
  const [{ before, after }, operations, tiers] = await Promise.all([
    visit.api.rehearse(call),
    visit.api.get<Page<Operation>>('/operations', { limit: 100 }),
    visit.api.get<Page<Tier>>('/tiers', { limit: 100 }),
  ]);
  const told = (picture: Picture): [string, string, 'always'?][] => [
    [visit.words.balance, visit.show.number(picture.balance.available), 'always'],
    ...buys(visit, picture, operations.items),
    ...plan(visit, picture, tiers.items),
  ];
  const then = told(after);
  const changes = told(before).map(([name, text, always], i) => ({
    change: { name, before: text, after: then[i]?.[1] ?? text } satisfies Change,
    always,
  }));
  return {
    before,
    changes: changes.flatMap(({ change, always }) =>
      always || change.before !== change.after ? [change] : [],
    ),
    notes: [],
  };
}

function buys({ show }: Visit, { balance }: Picture, operations: Operation[]): [string, string][] {
  const priced = operations.filter(({ price }) => price > 0);
  const prices = Object.fromEntries(priced.map(({ id, price }) => [id, price]));
  const times = affordable(balance.available, prices);
  return priced.map(({ id }) => [id, show.number(times[id] ?? 0)]);
}

function plan(visit: Visit, picture: Picture, tiers: Tier[]): [string, string][] {
  const { words, show } = visit;
  const tier = tiers.find(({ id }) => id === picture.tier);
  const day = (iso: string | null) => (iso ? show.day(iso) : '–');
  return [
    [words.debt, show.number(picture.debt)],
    [words.tier, tier?.name ?? picture.tier],
    [words.limits, tier ? limitsText(visit, tier) : '–'],
    [words.monthlyTokens, tier ? show.number(tier.monthlyTokens) : '–'],
    [words.renews, day(picture.periodEnd)],
    [words.paidUntil, day(picture.paidUntil)],
    [words.waiting, show.number(picture.upcoming.length)],
  ];
}

export const limitsText = ({ words, show }: Visit, { policies }: { policies: Policy[] | null }): string =>
  (policies ?? [])
    .map(({ operation, limit, windowSeconds }) => {
      const what = operation === '*' ? words.allOperations : operation;
      return `${what} ${show.number(limit)} / ${show.length(windowSeconds)}`;
    })
    .join(', ') || '–';
