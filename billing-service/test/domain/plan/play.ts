/** Plays a history on the code, and on the model beside it where that is asked for. */
import assert from 'node:assert/strict';
import type { PaidBy } from '../../../src/domain/plan/plan.js';
import { currentPeriod, planDueAt } from '../../../src/domain/plan/plan.js';
import { Life } from './life.js';
import { DAY, live, type Model, newModel, nextMoment, runs } from './model.js';
import { buy, putByHand, refund } from './model-changes.js';
import { stretches } from './model-future.js';
import { type Step, TIERS } from './steps.js';

export interface Paid extends PaidBy {
  /** Null where its time is a length. */
  months: number | null;
  refunded: boolean;
}

export interface Played {
  life: Life;
  model: Model | null;
  payments: Paid[];
}

export interface Watch {
  /** Compares with the model after every step. */
  model?: boolean;
  /** Sees every payment: call `act` to let it happen. */
  paid?(life: Life, act: () => void): void;
  /** Brings the account up to its present moment in its own way. */
  settle?(life: Life, from: number): void;
}

export function play(startMs: number, steps: Step[], watch: Watch = {}): Played {
  const model = watch.model ? newModel(TIERS) : null;
  const played: Played = { life: new Life(startMs), model, payments: [] };
  for (const step of steps) {
    if (step.do === 'wait' || step.do === 'waitForIt') wait(played, step, watch);
    else act(played, step, watch);
    if (model) assert.deepEqual(seenOf(played.life), modelSeen(model), JSON.stringify(step));
  }
  return played;
}

function wait({ life, model }: Played, step: Step & { do: 'wait' | 'waitForIt' }, watch: Watch): void {
  const from = life.now;
  const moment = planDueAt(life.plan);
  const ms = step.do === 'wait' ? step.ms : moment === Infinity ? DAY : moment - from;
  life.now += Math.max(0, ms - (step.do === 'waitForIt' && step.early ? 1 : 0));
  if (watch.settle) watch.settle(life, from);
  life.settle();
  if (model) live(model, life.now);
}

function act(
  { life, model, payments }: Played,
  step: Exclude<Step, { do: 'wait' | 'waitForIt' }>,
  watch: Watch,
): void {
  const { now } = life;
  const pay = (provider: string, months: number | null, run: (paid: Paid) => void) => {
    const paid = { provider, paymentId: `p${payments.length}`, months, refunded: false };
    payments.push(paid);
    if (watch.paid) watch.paid(life, () => run(paid));
    else run(paid);
    return paid.paymentId;
  };
  const { tier } = { tier: '', ...step };
  if (step.do === 'months') {
    const { months } = step;
    const start = step.now ? 'now' : 'after';
    const payment = pay('card', months, (paid) => life.buy({ tier, payment: paid, months }, start));
    if (model) buy(model, { tier, payment, months, now: step.now }, now);
  } else if (step.do === 'until') {
    const until = untilOf(life, step);
    const ms = modelLength(life, step, until);
    const payment = pay(step.provider, null, (paid) => life.buyUntil(paid, tier, until));
    if (model && ms !== null) buy(model, { tier, payment, ms, now: false }, now);
  } else if (step.do === 'refund') {
    const payment = payments[payments.length - 1 - step.which];
    if (payment && !payment.refunded) giveBack(life, model, payment);
  } else {
    life.byHand(step.tier, step.months);
    if (model) putByHand(model, step.tier, step.months, now);
  }
}

function untilOf(life: Life, { provider, tier, next, days, ms }: Step & { do: 'until' }): number {
  const last = life.told.filter((one) => one.provider === provider && one.tier === tier).at(-1);
  return (next && last ? last.until : life.now) + days * DAY + ms - 1;
}

/** Rule 1 for `until`: what that payment bought, or null where another one holds it. */
function modelLength(
  life: Life,
  { provider, tier }: { provider: string; tier: string },
  until: number,
): number | null {
  let base = life.now;
  for (const one of life.told) {
    if (one.provider !== provider || one.tier !== tier || one.refunded || one.base === null) continue;
    if (until > one.base && until <= one.until) return null;
    if (one.until > base && one.until < until) base = one.until;
  }
  return until <= life.now ? 30 * DAY : until - base;
}

function giveBack(life: Life, model: Model | null, payment: Paid): void {
  payment.refunded = true;
  const one = life.told.find((told) => told.paymentId === payment.paymentId);
  const held = one ? life.heldBy(one) : [];
  life.refund(payment);
  // The code has told them again already: their lengths follow from what that left.
  const again = held.flatMap(({ tier, paymentId, until, base }) => {
    if (base === null) return [];
    const ms = until <= life.now ? 30 * DAY : until - base;
    return [{ tier, payment: paymentId, ms, now: false }];
  });
  if (model) refund(model, payment.paymentId, life.now, again);
}

const seenOf = (life: Life) => ({
  tier: life.plan.tier,
  due: planDueAt(life.plan),
  periodEnd: currentPeriod(life.plan)?.until ?? null,
  grants: life.grants.map(({ tier, payment, from, until }) => ({ tier, payment, from, until })),
  future: life.forecast().map(({ tier, payment, from, until, pieces }) => ({
    ...{ tier, payment: payment?.paymentId ?? null, from, until, pieces },
  })),
});

function modelSeen(model: Model): ReturnType<typeof seenOf> {
  const began = model.runs.filter((run) => !run.again);
  const due = nextMoment(model);
  return {
    tier: model.tier,
    due,
    periodEnd: runs(model) ? due : null,
    grants: began.map(({ tier, payment, from, until }) => ({ tier, payment, from, until })),
    future: stretches(model),
  };
}
