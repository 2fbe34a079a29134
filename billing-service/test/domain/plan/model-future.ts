/** The model's future, found by living through a copy of it. */
import { live, type Model, type Run, runs } from './model.js';

/** All that would run if nothing happened, the present piece first. */
export function future(m: Model): Run[] {
  const present = runs(m);
  if (!present) return [];
  const copy = structuredClone(m);
  const { number, tier, payment, from, until } = present;
  copy.runs = [{ number, tier, payment, from, until, again: true }];
  live(copy, Number.MAX_SAFE_INTEGER);
  return copy.runs;
}

/** All months that wait note the anchor that they would have if nothing came between. */
export function promise(m: Model): void {
  if (!runs(m)) return;
  const copy = structuredClone(m);
  const waiting = copy.pieces.filter((piece) => piece.state === 'waits' && !piece.length);
  live(copy, Number.MAX_SAFE_INTEGER);
  for (const { order, chain } of waiting.reverse())
    for (const piece of m.pieces)
      if (piece.order === order && piece.state === 'waits') piece.promised = chain?.anchor ?? null;
}

/** The future once more, runs of one purchase that follow each other told as one. */
export function stretches(m: Model) {
  const rows: { tier: string; payment: string | null; from: number; until: number; pieces: number }[] = [];
  for (const [i, { tier, payment, from, until, again }] of future(m).entries()) {
    const last = rows.at(-1);
    const pieces = again && i > 0 ? 0 : 1;
    if (last && last.payment === payment) Object.assign(last, { until, pieces: last.pieces + pieces });
    else rows.push({ tier, payment, from, until, pieces });
  }
  return rows;
}
