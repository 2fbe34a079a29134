import type { Deps } from '../deps.js';
import { accept, type Result } from '../refusal.js';
import type { NamedUser } from './read-user.js';
import type { Block } from './user.js';

/**
 * Stops a user, or lets the user act again. Stopped once more, it is for the new reason and since the first time. What
 * was begun goes on: holds can be committed, given back and extended.
 */
export async function blockUser(
  deps: Pick<Deps, 'users' | 'ledger'>,
  { user, blocked, reason }: { user: string; blocked: boolean; reason: string | null },
): Promise<Result<NamedUser>> {
  const { userId } = await deps.users.ensure(user);
  const change = deps.ledger.withAccount({ userId }, async ({ plan }, tx) => {
    const { tier, channelSubscribedAt } = plan;
    const before = await tx.userDetails();
    const block = blocked ? { reason: reason ?? '', at: before.blocked?.at ?? tx.now } : null;
    await tx.setBlock(block);
    if (block || before.blocked) tx.tell('user.blocked', { blocked: shown(block) });
    tx.describe({ reason, before: { blocked: shown(before.blocked) }, after: { blocked: shown(block) } });
    return { user, ...before, tier, channelSubscribedAt, blocked: block };
  });
  // Only when it has ended can nobody read it as it was before; also where nobody heard whether it was done.
  return accept(await change.finally(() => deps.users.invalidate(userId)));
}

const shown = (block: Block | null): object | null =>
  block && { reason: block.reason, at: new Date(block.at).toISOString() };
