import { isDeepStrictEqual } from 'node:util';
import type { Call } from './call.js';
import { apply, ownerOf } from './model.js';
import type { Answer, ModelUser, World } from './model-state.js';

/**
 * Together: an order of the calls in which the model gives the same answers, their own order tried first. Null where
 * the model agrees; else what it says in the order of arrival.
 */
export function explain(world: World, calls: Call[], real: Answer[]): Answer[] | null {
  const order = calls.length > 1 ? search(world, calls, real, [...calls.keys()]) : null;
  if (order) {
    for (const i of order) apply(world, calls[i] as Call);
    return null;
  }
  const expected = calls.map((call) => apply(world, call));
  return expected.every((answer, i) => matches(answer, real[i] as Answer)) ? null : expected;
}

function search(world: World, calls: Call[], real: Answer[], left: number[]): number[] | null {
  if (left.length === 0) return [];
  for (const i of left) {
    const next = branch(world, calls);
    if (!matches(apply(next, calls[i] as Call), real[i] as Answer)) continue;
    const rest = search(
      next,
      calls,
      real,
      left.filter((other) => other !== i),
    );
    if (rest) return [i, ...rest];
  }
  return null;
}

/** A world in which these calls may be tried; only what they touch is copied. */
function branch(world: World, calls: Call[]): World {
  const users = new Map(world.users);
  for (const name of new Set(calls.map((call) => ownerOf(world, call)))) {
    const user = users.get(name);
    if (user) users.set(name, copyOf(user));
  }
  return { ...world, users };
}

const copyOf = (user: ModelUser): ModelUser => ({
  ...user,
  paid: structuredClone(user.paid),
  gift: { ...user.gift },
  granted: new Set(user.granted),
  grants: user.grants.map((grant) => ({ ...grant })),
  reservations: user.reservations.map((r) => ({ ...r, parts: r.parts.map(([grant, n]) => [grant, n]) })),
  entries: [...user.entries],
  keys: new Map(user.keys),
});

function matches(expected: Answer, real: Answer): boolean {
  if (expected.ok || real.ok) return isDeepStrictEqual(expected, real);
  return Object.entries(expected.refusal).every(([name, value]) =>
    isDeepStrictEqual(real.refusal[name], value),
  );
}
