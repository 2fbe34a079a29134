/** The ledger by its rules: every call brings the account up to now, looks for its key, and acts. */
import { newModel } from '../domain/plan/model.js';
import { type Call, payloadOf } from './call.js';
import { bringUpToDate } from './model-due.js';
import { override } from './model-overrides.js';
import { pay, putTier, refundPayment, setChannel } from './model-payments.js';
import { GIFT, grantPeriod, planTimes } from './model-plan.js';
import { receiptOfAmount } from './model-receipts.js';
import {
  type Answer,
  affordable,
  again,
  available,
  balance,
  burnOrder,
  type ModelReservation,
  type ModelUser,
  no,
  open,
  total,
  type World,
  yes,
} from './model-state.js';
import { commit, extend, grant, refund, reserve } from './model-tokens.js';

export function apply(world: World, call: Call): Answer {
  const user = world.users.get(ownerOf(world, call)) ?? newUser(world, ownerOf(world, call));
  bringUpToDate(world, user);
  const key = 'key' in call ? call.key : undefined;
  const stored = key === undefined ? undefined : user.keys.get(key);
  if (stored) {
    return stored.payload === payloadOf(call) ? again(stored.value) : no('idempotency_key_reused');
  }
  const answer = structuredClone(act(world, user, call));
  if (answer.ok && key !== undefined) {
    user.keys.set(key, { payload: payloadOf(call), value: answer.value });
  }
  assertSound(user);
  return answer;
}

function act(world: World, user: ModelUser, call: Call): Answer {
  switch (call.kind) {
    case 'reserve':
      return reserve(world, user, call);
    case 'commit':
      return commit(world, user, reservationOf(user, call.label), call);
    case 'refund':
      return refund(world, user, reservationOf(user, call.label), call);
    case 'extend':
      return extend(world, reservationOf(user, call.label), call);
    case 'grant':
      return grant(user, call);
    case 'tier':
      return putTier(world, user, call);
    case 'override':
      return override(user, call);
    case 'channel':
      return setChannel(world, user, call);
    case 'payment':
      return pay(world, user, call);
    case 'refundPayment':
      return refundPayment(world, user, call);
    case 'read':
      return yes(view(world, user));
    case 'quote':
      return yes(quote(world, user, call.amount));
  }
}

function newUser(world: World, name: string): ModelUser {
  const user: ModelUser = {
    ...{ name, tier: GIFT, paid: newModel(Object.fromEntries(world.tiers)), granted: new Set() },
    ...{
      gift: { anchor: null, month: 0, times: 0 },
      joined: false,
      own: null,
      grants: [],
      debt: 0,
      spent: 0,
    },
    ...{ reservations: [], entries: [], keys: new Map() },
  };
  world.users.set(name, user);
  if (!world.tiers.get(GIFT)?.requiresChannel) user.gift.anchor = world.now;
  grantPeriod(world, user, world.now);
  return user;
}

export function ownerOf(world: World, call: Call): string {
  if ('user' in call) return call.user;
  if ('paymentId' in call) return world.payments.get(call.paymentId)?.user as string;
  for (const [name, user] of world.users) {
    if (user.reservations.some((r) => r.label === call.label)) return name;
  }
  throw new Error(`nobody holds ${call.label}`);
}

const reservationOf = (user: ModelUser, label: string): ModelReservation =>
  user.reservations.find((r) => r.label === label) as ModelReservation;

/** How many grants a balance lists. */
const SHOWN = 100;

function view(world: World, user: ModelUser): object {
  const { periodEnd: renewsAt, ...paid } = planTimes(user);
  const grants = burnOrder(user).map(({ source, left, expiresAt }) => ({
    source,
    remaining: left,
    expiresAt: expiresAt === Number.POSITIVE_INFINITY ? null : expiresAt,
  }));
  return {
    user: user.name,
    tier: user.tier,
    ...balance(user),
    spent: user.spent,
    debt: user.debt,
    grants: grants.slice(0, SHOWN),
    ...(grants.length > SHOWN ? { moreGrants: true } : {}),
    affordable: affordable(world, user),
    renewsAt,
    ...paid,
  };
}

function quote(world: World, user: ModelUser, cost: number): object {
  const deficit = Math.max(0, cost - available(user));
  return {
    cost,
    canAfford: available(user) >= cost,
    deficit,
    receipt: receiptOfAmount(world.set, cost),
    balance: balance(user),
    affordable: affordable(world, user),
  };
}

/** The model must keep the invariants itself, or it could not judge. */
function assertSound(user: ModelUser): void {
  const booked = user.entries.at(-1)?.balanceAfter ?? 0;
  const sound =
    booked === total(user) &&
    user.debt >= 0 &&
    (user.debt === 0 || total(user) === -user.debt) &&
    user.grants.every((g) => g.left >= 0 && g.left <= g.amount) &&
    open(user).every((r) => r.amount >= 0) &&
    user.reservations.every((r) => r.refundedTotal <= Math.max(r.amount, r.charged));
  if (!sound) throw new Error(`the model itself is unsound: ${JSON.stringify(user)}`);
}
