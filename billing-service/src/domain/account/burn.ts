import type { Account, Grant, Part } from './account.js';
import { burnOrder, MoreGrantsNeededError } from './burn-order.js';

/** Takes up to `tokens` in burn order and says from where; what is missing is the caller's business. */
export function burn(account: Account, tokens: number): Part[] {
  const parts: Part[] = [];
  let left = tokens;
  if (left === 0) return parts;
  for (const grant of inBurnOrder(account)) {
    const taken = Math.min(left, grant.remaining);
    if (taken === 0) continue;
    grant.remaining -= taken;
    left -= taken;
    parts.push([grant.id, taken]);
    if (left === 0) break;
  }
  return parts;
}

/** The grant that burns next; undefined where the account has no tokens. */
export function frontOf(account: Account): Grant | undefined {
  for (const grant of inBurnOrder(account)) if (grant.remaining > 0) return grant;
  return undefined;
}

/** Throws where it comes to those that were not read. */
function* inBurnOrder({ grants, unread }: Account): Generator<Grant> {
  for (const grant of grants) {
    if (unread && burnOrder(grant, unread.from) >= 0) break;
    yield grant;
  }
  if (unread) throw new MoreGrantsNeededError('more of the grants are needed than were read');
}
