import fc from 'fast-check';
import t from 'tap';
import type { Policy } from '../../src/domain/catalogue/catalogue.js';
import type {
  LeaveRequest,
  LimitRequest,
  LimitStore,
  TakenDecision,
} from '../../src/domain/ports/limit-store.js';
import { MemoryLimitStore } from '../../src/stores/memory/memory-limit-store.js';
import { RedisLimitStore } from '../../src/stores/redis/redis-limit-store.js';
import { LimitOracle } from './limit-oracle.js';
import { TestClock } from './limit-requests.js';
import { PATIENT_MS, startRedisOfEachKind } from './redis-of-each-kind.js';

const seed = Number(process.argv[2] ?? Date.now() % 2 ** 31);
t.comment(`seed ${seed}`);
const every = (limit: number, windowSeconds: number): Policy => ({ operation: '*', limit, windowSeconds });
const own = (operation: string, limit: number, windowSeconds: number): Policy => ({
  operation,
  limit,
  windowSeconds,
});
const tiers: Record<string, Policy[]> = {
  small: [every(5, 10)],
  mixed: [own('chat', 3, 10), every(6, 20), own('image', 2, 40), every(4, 10)],
  large: [every(12, 40)],
  free: [],
};
const RETAIN_SECONDS = 40;
const clock = new TestClock();

type Step =
  | { kind: 'wait'; ms: number }
  | { kind: 'take' | 'peek'; tier: string; operation: string; cost: number; checkId: number }
  | { kind: 'undo'; operation: string; checkId: number }
  /** The `which`-th of the requests that still stand on a count, modulo their number. */
  | { kind: 'leave'; which: number };

const tier = fc.constantFrom(...Object.keys(tiers));
const operation = fc.constantFrom('chat', 'image', 'voice');
const checkId = fc.nat(25);
const cost = fc.oneof(
  { weight: 4, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 7 }) },
);
const ms = fc.oneof(
  fc.integer({ min: 0, max: 3000 }),
  fc.constantFrom(1, 999, 1000, 10_000, 20_000, 39_999, 40_000),
);
const take = fc.record({ kind: fc.constant('take' as const), tier, operation, cost, checkId });
const peek = fc.record({ kind: fc.constant('peek' as const), tier, operation, cost, checkId });
const wait = fc.record({ kind: fc.constant('wait' as const), ms });
const undo = fc.record({ kind: fc.constant('undo' as const), operation, checkId });
const leave = fc.record({ kind: fc.constant('leave' as const), which: fc.nat(1000) });
const back = fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: -8000, max: 8000 }) });

/** Without undo the clock may step back; with it, what is dead comes to life in one store and not in the other. */
const lives = {
  'undo and repeats': fc.oneof({ weight: 5, arbitrary: take }, peek, { weight: 3, arbitrary: wait }, undo),
  'copies that step down': fc.oneof(
    { weight: 4, arbitrary: take },
    { weight: 3, arbitrary: leave },
    { weight: 2, arbitrary: wait },
    undo,
  ),
  'a clock that steps back': fc.oneof({ weight: 5, arbitrary: take }, peek, { weight: 3, arbitrary: back }),
};

function requestOf(step: Extract<Step, { tier: string }>, userId: number): LimitRequest {
  const policies = (tiers[step.tier] ?? []).filter(
    (p) => p.operation === '*' || p.operation === step.operation,
  );
  const peek = step.kind === 'peek';
  const checkId = peek ? null : `id-${step.checkId}`;
  const { tier, operation, cost } = step;
  return { userId, tier, operation, policies, cost, peek, checkId, retainSeconds: RETAIN_SECONDS };
}

const comparable = ({ counted: _, ...decision }: TakenDecision) => ({
  ...decision,
  policies: decision.policies.map((policy) => ({ ...policy, moreAt: 0 })),
});

async function live(store: LimitStore, userId: number, steps: Step[]): Promise<void> {
  const oracle = new LimitOracle();
  const standing: LeaveRequest[] = [];
  for (const step of steps) {
    if (step.kind === 'wait') clock.ms += step.ms;
    else if (step.kind === 'undo') {
      const request = {
        userId,
        operation: step.operation,
        checkId: `id-${step.checkId}`,
        retainSeconds: RETAIN_SECONDS,
      };
      same(await store.undo(request), oracle.undo(request, clock.ms), step);
    } else if (step.kind === 'leave') {
      const [request] = standing.splice(step.which % Math.max(1, standing.length), 1);
      if (!request) continue;
      await store.leave(request);
      oracle.leave(request, request.counted.shared ?? request.counted.here ?? 0);
    } else {
      const request = requestOf(step, userId);
      const decision = await store.take(request);
      same(comparable(decision), oracle.take(request, clock.ms), step);
      if (decision.counted) {
        standing.push({ ...request, checkId: request.checkId ?? '', counted: decision.counted });
      }
      if (decision.allowed && !decision.repeated && !request.peek) {
        const over = request.policies.filter((p, i) => oracle.used(request, i, clock.ms) > p.limit);
        same(over, [], step);
      }
      if (!decision.allowed && step.cost <= Math.min(...request.policies.map((p) => p.limit))) {
        await retryIsTrue(store, request, decision.retryAfter);
      }
    }
  }
}

/** After waiting exactly so long the same request is admitted, and one second less it is not. */
async function retryIsTrue(store: LimitStore, request: LimitRequest, seconds: number): Promise<void> {
  const peek = { ...request, peek: true, checkId: null };
  clock.advance(seconds);
  same((await store.take(peek)).allowed, true, `after ${seconds} s`);
  clock.advance(-1);
  same((await store.take(peek)).allowed, false, `after ${seconds - 1} s`);
  clock.advance(1 - seconds);
}

function same(found: unknown, wanted: unknown, where: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${JSON.stringify(where)}\nfound  ${a}\nwanted ${b}`);
}

let users = 0;
const implementations: [string, number, LimitStore][] = [['memory', 1000, new MemoryLimitStore({ clock })]];
for (const { name, connect } of await startRedisOfEachKind(t)) {
  const store = new RedisLimitStore({ redis: await connect(), clock, deadlineMs: PATIENT_MS });
  // The script is the same on both: the cluster adds only the way to it.
  implementations.push([name, name === 'redis' ? 120 : 40, store]);
}
for (const [name, numRuns, store] of implementations) {
  for (const [what, step] of Object.entries(lives)) {
    t.test(`${name} answers as the exact oracle does, with ${what}`, async () => {
      const steps = fc.array(step as fc.Arbitrary<Step>, { minLength: 30, maxLength: 80, size: 'max' });
      const property = fc.asyncProperty(steps, (steps) => live(store, ++users, steps));
      await fc.assert(property, { seed, numRuns, interruptAfterTimeLimit: 60_000 });
    });
  }
}
