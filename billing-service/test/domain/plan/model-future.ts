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
