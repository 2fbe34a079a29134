import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { type AccountRow, broken } from './account-rows.js';
import type { Call } from './call.js';
import { periodEnd } from './model-plan.js';
import { type Answer, burnOrder, type ModelUser, open, reserved, total, type World } from './model-state.js';

/** The same account, from the model. */
export const rowOf = (user: ModelUser, now: number) => ({
  ...{
    user: user.name,
    tier: user.tier,
    anchor: user.gift.anchor,
    period: user.gift.month,
    tier_due_at: user.tier === 'gift' ? null : periodEnd(user),
  },
  ...{
    reserved: reserved(user),
    open_count: open(user).filter((r) => r.expiresAt > now || r.amount > 0).length,
    total: total(user),
    debt: user.debt,
    spent: user.spent,
  },
  grants: burnOrder(user).map(({ source, left, expiresAt, endsAt }) => ({
    ...{ source, left },
    expiresAt: Number.isFinite(expiresAt) ? expiresAt : null,
    endsAt: Number.isFinite(endsAt) ? endsAt : null,
  })),
  entries: user.entries,
});

/** The rows keep the invariants and are the model's; `story` is told where they are not. */
export function check(world: World, rows: AccountRow[], story: object): void {
  const tell = (what: string) => `${what}\n${JSON.stringify(story, null, 1)}`;
  const { expected } = story as { expected: Answer[] | null };
  if (expected) assert.deepStrictEqual((story as { real: Answer[] }).real, expected, tell('another answer'));
  for (const row of rows) {
    assert.deepStrictEqual(broken(row), [], tell(`broken: ${JSON.stringify(row)}`));
    const { user_id: _, next_due_at: __, hold_due_at: ___, held, settled_badly: ____, ...figures } = row;
    // A hold of nothing is due to nobody (rule 3): it is ended when something else is, or when it is asked for.
    figures.open_count -= held.filter((h) => h.amount === 0 && h.expiresAt <= world.now).length;
    const grants = figures.grants.map(({ key: _, ...grant }) => grant);
    const mine = rowOf(world.users.get(row.user) as ModelUser, world.now);
    if (!isDeepStrictEqual({ ...figures, grants }, mine)) {
      assert.deepStrictEqual({ ...figures, grants }, mine, tell('another account'));
    }
  }
}

/** No hold takes available below 0, no charge below -overdraft, nothing else below min(what it was, 0). */
export function checkMoves(
  before: Map<string, AccountRow>,
  after: AccountRow[],
  calls: Call[],
  real: Answer[],
  { tiers, users }: World,
): void {
  for (const row of after) {
    const was = before.get(row.user);
    const free = (r: AccountRow | undefined) => (r ? r.total - r.reserved : 0);
    const charged = calls.some((call) => call.kind === 'commit');
    const own = users.get(row.user)?.own?.overdraft ?? 0;
    const overdraft = charged ? Math.max(own, tiers.get(was?.tier ?? row.tier)?.overdraft ?? 0) : 0;
    assert.ok(
      free(row) >=
        Math.min(free(was), 0, -Math.max(overdraft, tiers.get(row.tier)?.overdraft ?? 0) * Number(charged)),
      'available fell below what is allowed',
    );
    const held = calls.length === 1 && calls[0]?.kind === 'reserve' && real[0]?.ok && !real[0].replayed;
    if (held && calls[0]?.kind === 'reserve' && calls[0].user === row.user)
      assert.ok(free(row) >= 0, 'a hold below 0');
  }
}
