/** From a wish to a call, with figures at the edges of what the account holds. */
import type { Call } from './call.js';
import { atHand, modelOf, overridesOf, productOf, settleAmount, unitsOf, workDone } from './figures.js';
import { nextDueAt } from './model-due.js';
import { RATE_SETS } from './model-receipts.js';
import { available, type ModelReservation, type World } from './model-state.js';
import type { Step } from './play.js';
import type { Wish } from './wish.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const FALLBACK = { do: 'read', user: 0 } as const;

/** Names are the run's own, so that one database serves many runs. */
export class Resolver {
  readonly #world: World;
  readonly #run: string;
  #made = 0;
  readonly #keyed: { call: Call; at: number }[] = [];
  readonly #payments: (Call & { kind: 'payment' })[] = [];

  constructor(world: World, run: string) {
    this.#world = world;
    this.#run = run;
  }

  user = (n: number): string => `${this.#run}:${n}`;

  step(wish: Wish): Step {
    if (wish.do === 'wait')
      return { at: this.#world.now + this.#waitMs(wish), calls: [], set: wish.pick % RATE_SETS.length };
    const calls = this.#calls(wish);
    const { users, now: at } = this.#world;
    // Reads create nobody, so nobody is read before somebody wrote.
    const isUnheard = (call: Call) =>
      (call.kind === 'read' || call.kind === 'quote') && !users.has(call.user);
    return { at, calls: calls.some(isUnheard) ? [] : calls };
  }

  /** How far the clock moves; a due moment of somebody is met to the millisecond. */
  #waitMs({ by, offset, pick, ms }: Wish & { do: 'wait' }): number {
    const { users } = this.#world;
    const ends = [...users.values()].flatMap((user) => [nextDueAt(this.#world, user), user.own?.until ?? 0]);
    const dues = ends.filter((at) => Number.isFinite(at) && at >= this.#world.now);
    const due = dues[pick % dues.length];
    return by === 'time' || due === undefined ? ms : Math.max(0, due + offset - this.#world.now);
  }

  #calls(wish: Exclude<Wish, { do: 'wait' }>): Call[] {
    if (wish.do === 'together') return wish.wishes.flatMap((one) => this.#calls(one).map(atHand));
    const call = this.#call(wish);
    if ('key' in call && call.key !== undefined && !this.#knows(call.key))
      this.#keyed.push({ call, at: this.#world.now });
    if (call.kind === 'payment') this.#payments.push(call);
    return [call];
  }

  #call(wish: Exclude<Wish, { do: 'together' | 'wait' }>): Call {
    switch (wish.do) {
      case 'reserve':
        return this.#reserve(wish);
      case 'commit':
      case 'refund':
      case 'extend':
        return this.#settle(wish);
      case 'payment':
      case 'payment again':
      case 'refund payment':
        return this.#payment(wish);
      case 'replay':
        return this.#replay(wish);
      case 'grant': {
        const amount = this.#grantAmount(wish);
        const expiresAt =
          wish.days === null || amount < 0 ? null : this.#world.now + Math.ceil(wish.days * DAY_MS);
        const { source } = wish;
        const user = this.user(wish.user);
        return { kind: 'grant', user, amount, source, expiresAt, ...this.#key(wish.keyed) };
      }
      case 'tier':
        return { kind: 'tier', user: this.user(wish.user), tier: wish.tier, months: wish.months };
      case 'override':
        return { kind: 'override', user: this.user(wish.user), ...overridesOf(wish, this.#world.now) };
      case 'channel':
        return { kind: 'channel', user: this.user(wish.user), subscribed: wish.subscribed };
      case 'quote':
        return { kind: 'quote', user: this.#known(wish.user), amount: wish.pick };
      case 'read':
        return { kind: 'read', user: this.#known(wish.user) };
    }
  }

  #key = (keyed: boolean) => (keyed ? { key: `${this.#run} key ${++this.#made}` } : {});

  /** Reads create nobody: a grant does where there is none yet. */
  #known(n: number): string {
    const { users } = this.#world;
    return users.has(this.user(n)) ? this.user(n) : ([...users.keys()][0] ?? this.user(n));
  }

  #reserve(wish: Wish & { do: 'reserve' }): Call {
    const name = this.user(wish.user);
    const user = this.#world.users.get(name);
    const all = Math.max(0, user ? available(user) : 0);
    const amount = {
      price: undefined,
      small: wish.pick % 90,
      all,
      above: all + 1 + (wish.pick % 9),
      zero: 0,
    }[wish.size];
    return {
      ...{ kind: 'reserve', user: name, label: `${this.#run} reservation ${++this.#made}` },
      ...{ operation: wish.pick % 2 ? 'chatgpt_message' : 'image_generation', quantity: 1 + (wish.pick % 5) },
      ...(amount !== undefined ? { amount } : wish.pick % 3 ? {} : { units: unitsOf(wish.pick) }),
      ...modelOf(wish.pick),
      ttlSeconds: wish.ttl,
      ...this.#key(wish.keyed),
    };
  }

  /** One of the newest, else any. */
  #reservation(pick: number): ModelReservation | undefined {
    const all = [...this.#world.users.values()].flatMap((user) => user.reservations);
    const newest = all.toSorted((a, b) => b.createdAt - a.createdAt);
    return newest[pick % (pick % 3 ? Math.min(6, newest.length) : newest.length)];
  }

  #settle(wish: Wish & { do: 'commit' | 'refund' | 'extend' }): Call {
    const r = this.#reservation(wish.pick);
    if (!r) {
      const label = `${this.#run} reservation ${++this.#made}`;
      const operation = 'chatgpt_message';
      return { kind: 'reserve', user: this.user(0), label, operation, quantity: 1, ttlSeconds: 60 };
    }
    const { label } = r;
    if (wish.do === 'extend')
      return { kind: 'extend', label, ttlSeconds: wish.ttl, ...this.#key(wish.keyed) };
    const amount = settleAmount(r, wish);
    const asked = amount !== undefined ? { amount } : wish.do === 'commit' ? workDone(wish.pick) : {};
    return { kind: wish.do, label, ...asked, ...this.#key(wish.keyed) };
  }

  #grantAmount(wish: Wish & { do: 'grant' }): number {
    const user = this.#world.users.get(this.user(wish.user));
    if (wish.source !== 'adjustment' || wish.pick % 2) return 1 + (wish.pick % 120);
    const all = user ? available(user) : 0;
    return -Math.max(1, wish.pick % 4 ? wish.pick % 60 : all + (wish.pick % 8 ? 0 : 1));
  }

  #payment(wish: Wish & { do: 'payment' | 'payment again' | 'refund payment' }): Call {
    if (wish.do !== 'payment') {
      const earlier = this.#payments[wish.pick % this.#payments.length];
      if (!earlier) return this.#call(FALLBACK);
      const { paymentId } = earlier;
      const applied = this.#world.payments.has(paymentId);
      if (wish.do === 'refund payment')
        return applied
          ? {
              ...{ kind: 'refundPayment', paymentId, ...this.#key(wish.keyed) },
              ...(wish.part && !('tier' in earlier.product) ? { tokens: 1 + (wish.pick % 7) * 40 } : {}),
            }
          : this.#call(FALLBACK);
      const { key: _, ...again } = earlier;
      if (wish.as === 'other content') return { ...again, amount: again.amount + 1 };
      return wish.as === 'same'
        ? again
        : { ...again, user: this.user((Number(again.user.split(':')[1]) + 1) % 3) };
    }
    const paymentId = `${this.#run} payment ${++this.#made}`;
    return {
      kind: 'payment',
      user: this.user(wish.user),
      paymentId,
      product: productOf(wish, this.#world.now),
      amount: 100,
      ...this.#key(wish.keyed),
    };
  }

  #knows(key: string): boolean {
    return this.#keyed.some(({ call }) => 'key' in call && call.key === key);
  }

  #replay({ pick, changed }: Wish & { do: 'replay' }): Call {
    // An answer is kept for 30 days; later anything may happen.
    const young = this.#keyed.filter(({ at }) => this.#world.now - at < 30 * DAY_MS);
    const earlier = young[pick % young.length]?.call;
    if (!earlier) return this.#call(FALLBACK);
    if (!changed) return earlier;
    const other = this.#reservation(pick);
    if (other && pick % 2 && 'key' in earlier && earlier.key !== undefined) {
      return { kind: 'commit', label: other.label, key: earlier.key };
    }
    return 'amount' in earlier && earlier.amount !== undefined
      ? ({ ...earlier, amount: earlier.amount + 1 || 5 } as Call)
      : 'ttlSeconds' in earlier
        ? ({ ...earlier, ttlSeconds: earlier.ttlSeconds + 1 } as Call)
        : earlier;
  }
}
