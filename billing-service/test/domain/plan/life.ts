/** One user's paid time, lived by the code and by the model side by side. */
import {
  addPurchase,
  type Bought,
  dropPurchase,
  type Start,
  setByHand,
} from '../../../src/domain/plan/change-purchases.js';
import { lengthUntil, waitingAt } from '../../../src/domain/plan/cut-length.js';
import { forecast, paidUntil, type Stretch } from '../../../src/domain/plan/forecast.js';
import {
  currentPeriod,
  fallToGift,
  type PaidBy,
  type Plan,
  planDueAt,
  runningOf,
  type TierOf,
  withPeriodGranted,
} from '../../../src/domain/plan/plan.js';
import { turnPlan } from '../../../src/domain/plan/turn-plan.js';
import { tierOf as everyTierOf } from './steps.js';

export const NEW_PLAN: Plan = {
  ...{ tier: 'gift', tenure: 0, purchases: [], graceUntil: null },
  ...{ anchor: null, period: 0, periodGranted: false, channelSubscribedAt: null },
};

/** News of a subscription; `base` is null where another payment's length holds its time. */
export interface Told extends PaidBy {
  tier: string;
  base: number | null;
  until: number;
  refunded: boolean;
}

/** What each beginning granted, and for whom. */
export interface Granted {
  tenure: number;
  tier: string;
  payment: string | null;
  from: number;
  until: number;
}

export class Life {
  plan: Plan;
  grants: Granted[] = [];
  /** Every tier that the user was on, and since when. */
  tiers: { tier: string; since: number }[] = [];
  /** What was left of pieces when they were interrupted. */
  interruptedMs = 0;
  told: Told[] = [];

  constructor(
    public now: number,
    readonly tierOf: TierOf = everyTierOf,
  ) {
    this.plan = fallToGift(NEW_PLAN, now, tierOf);
    this.tiers.push({ tier: this.plan.tier, since: now });
  }

  /** Everything due up to `now` happens. */
  settle(): void {
    for (let at = planDueAt(this.plan); at <= this.now; at = planDueAt(this.plan)) {
      this.become(turnPlan(this.plan, at, this.tierOf), at);
    }
  }

  become(plan: Plan, at = this.now): void {
    const before = runningOf(this.plan)?.piece;
    const stopped = plan.purchases.find(({ piece }) => piece && piece.tenure === before?.tenure)?.piece;
    if (stopped && stopped.beneath !== null) this.interruptedMs += Math.max(0, stopped.until - at);
    if (plan.tier !== this.plan.tier) this.tiers.push({ tier: plan.tier, since: at });
    this.plan = plan;
    const running = runningOf(plan);
    if (!running || currentPeriod(plan)?.granted !== false) return;
    const { tenure, from, until } = running.piece;
    const payment = running.payment?.paymentId ?? null;
    this.grants.push({ tenure, tier: plan.tier, payment, from, until });
    this.plan = withPeriodGranted(plan);
  }

  buy(bought: Bought, start: Start = 'after'): void {
    this.become(addPurchase(this.plan, bought, this.now, this.tierOf, start));
  }

  buyUntil({ provider, paymentId }: PaidBy, tier: string, until: number): void {
    this.told.push({ provider, paymentId, tier, base: null, until, refunded: false });
    this.apply(this.told.at(-1) as Told);
  }

  apply(one: Told): void {
    const bought = this.#told(one);
    if (bought) this.buy(bought);
  }

  /** What news buys; null where another payment's length holds its time. */
  #told(one: Told): Bought | null {
    const others = this.told.filter(
      (other) => other.provider === one.provider && other.tier === one.tier && !other.refunded,
    );
    const stretches = others.flatMap(({ base, until }) => (base === null ? [] : [{ base, until }]));
    const length = lengthUntil(one.until, this.now, stretches);
    if (!length) return null;
    one.base = length.base;
    const { provider, paymentId } = one;
    return { tier: one.tier, payment: { provider, paymentId }, lengthMs: length.ms };
  }

  /** The payments whose time the refunded one's length held are as if they were told now. */
  refund(payment: PaidBy): void {
    const one = this.told.find((told) => told.paymentId === payment.paymentId);
    if (one) one.refunded = true;
    const instead = (one ? this.heldBy(one) : []).flatMap((held) => this.#told(held) ?? []);
    this.become(dropPurchase(this.plan, payment, this.now, this.tierOf, instead));
  }

  heldBy(one: Told): Told[] {
    const { provider, tier, base, until } = one;
    return this.told
      .filter((other) => other.provider === provider && other.tier === tier && !other.refunded)
      .filter((other) => other.base === null && base !== null && base < other.until && other.until <= until)
      .sort((a, b) => a.until - b.until);
  }

  byHand(tier: string, months: number): void {
    this.become(setByHand(this.plan, tier, months, this.now, this.tierOf));
  }

  forecast(): Stretch[] {
    return forecast(this.plan, this.tierOf);
  }

  paidUntil(): number | null {
    return paidUntil(this.forecast());
  }

  /** All pieces that are not over, the running one and the interrupted ones included. */
  piecesLeft(): number {
    const alive = (purchase: Plan['purchases'][number]) =>
      purchase.piece && purchase.piece.until > this.now ? 1 : 0;
    return this.plan.purchases.reduce((sum, p) => sum + waitingAt(p, this.now) + alive(p), 0);
  }
}
