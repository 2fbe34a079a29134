/** What an import is told of a user, and what cannot be so. Times in ms since the epoch; null: nothing was said. */
import { GIFT_TIER } from '../catalogue/catalogue.js';

export interface ImportLine {
  /** Each once; the first is the user's own. */
  references: string[];
  username: string | null;
  firstName: string | null;
  locale: string | null;
  createdAt: number | null;
  tier: string;
  periodEnd: number | null;
  paidUntil: number | null;
  channelSubscribedAt: number | null;
  /** Negative in debt. Null: what the tier gives. */
  tokensBalance: number | null;
  tokensSpent: number;
}

export interface Fault {
  /** Null where it is the line as a whole. */
  field: string | null;
  message: string;
}

/** Another machine's clock may be ahead of ours. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

/** What a schema cannot say. */
export function lineFaults(
  line: ImportLine,
  { now, isTier }: { now: number; isTier: (id: string) => boolean },
): Fault[] {
  const { tier, periodEnd, paidUntil, createdAt, channelSubscribedAt } = line;
  const faults: Fault[] = [];
  const fault = (field: string, message: string) => faults.push({ field, message });
  if (!isTier(tier)) fault('tier', `there is no tier ${tier}`);
  else if (tier === GIFT_TIER) {
    if (paidUntil !== null) fault('paidUntil', `must be left out on ${GIFT_TIER}, which has no paid time`);
  } else if (paidUntil === null && periodEnd === null)
    fault('paidUntil', 'is needed on a tier that is paid for: when does it end?');
  else if (paidUntil !== null && periodEnd !== null && paidUntil < periodEnd)
    fault('paidUntil', 'must not lie before periodEnd');
  const past = { createdAt, channelSubscribedAt };
  for (const [field, time] of Object.entries(past))
    if (time !== null && time > now + CLOCKS_DIFFER_MS) fault(field, 'must not lie in the future');
  return faults;
}
