import type { Subscription } from '../journal/journal-state.js';
import type { WaitingPlan } from '../payments/waiting-plans.js';

/** A month that would wait its turn if it were bought now. */
export interface WaitFacts {
  tierName: string;
  presentName: string;
  begins: string;
  monthlyTokens: number;
  hasPacks: boolean;
}

/** What is said of plans: what waits, what renews, what a purchase would do. */
export interface PlanWords {
  /** A line for each stretch that waits; none where nothing does. */
  waiting(plans: WaitingPlan[]): string[];
  grace(tierName: string, until: string): string;
  wouldWait(facts: WaitFacts): string;
  startNow: string;
  startAfter(begins: string): string;
  bought(plan: WaitingPlan): string;
  /** How a subscription stands. */
  renewal(name: string, until: string, state: Subscription['state']): string;
  /** What Telegram says happened to it; `until` where that is known. */
  renewalChanged(state: 'active' | 'canceled' | 'failed', name: string, until: string | undefined): string;
  renewalUnchanged(name: string): string;
  noRenewal(name: string): string;
  /** Before another plan is subscribed to. */
  willEnd(name: string, next: string): string;
  /** It could not be ended beside another. */
  stillRenews(name: string): string;
}
