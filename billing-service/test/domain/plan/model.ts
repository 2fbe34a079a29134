/**
 * Paid time once more, as slowly and plainly as it can be told: every piece is an object, every piece is lived through,
 * and the future is found by living through it. Shares nothing with the code it judges.
 */
import { monthsAfter } from '../../ledger/model-months.js';

export const DAY = 86_400_000;

export interface ModelTier {
  position: number;
  graceSeconds: number;
}

/** Months that follow each other: the anchor, and how many of them began. */
interface Chain {
  tier: string;
  anchor: number;
  count: number;
}

export interface ModelPiece {
  payment: string | null;
  order: number;
  tier: string;
  state: 'waits' | 'runs' | 'interrupted' | 'over';
  /** The number of a piece that has begun. */
  number: number;
  from: number;
  until: number;
  chain: Chain | null;
  /** Of a length that waits: its time, and into how many pieces it was cut (0: not yet). */
  length: { ms: number; cut: number } | null;
}

/** A piece that runs from one moment to another, begun or taken up again. */
export interface Run {
  number: number;
  tier: string;
  payment: string | null;
  from: number;
  until: number;
  again: boolean;
}

export interface Model {
  tiers: Record<string, ModelTier>;
  tier: string;
  pieces: ModelPiece[];
  graceUntil: number | null;
  orders: number;
  begun: number;
  runs: Run[];
}

export const newModel = (tiers: Record<string, ModelTier>): Model => ({
  tiers,
  tier: 'gift',
  pieces: [],
  graceUntil: null,
  orders: 0,
  begun: 0,
  runs: [],
});

export const runs = (m: Model): ModelPiece | undefined => m.pieces.find((piece) => piece.state === 'runs');

/** When something happens by itself; Infinity on gift. */
export const nextMoment = (m: Model): number => m.graceUntil ?? runs(m)?.until ?? Infinity;

export function live(m: Model, to: number): void {
  for (let at = nextMoment(m); at <= to; at = nextMoment(m)) {
    const piece = runs(m) as ModelPiece;
    const grace = (m.tiers[m.tier] as ModelTier).graceSeconds * 1000;
    const inGrace = m.graceUntil !== null;
    for (const other of m.pieces)
      if (other !== piece && begun(other) && other.until <= at) other.state = 'over';
    const isLast = m.pieces.every((other) => other === piece || other.state === 'over');
    if (isLast && !inGrace && grace > 0) m.graceUntil = at + grace;
    else startNext(m, at, piece);
  }
}

const begun = (piece: ModelPiece) => piece.state === 'runs' || piece.state === 'interrupted';

/** Rule 3, by looking at every piece there is. */
export function startNext(m: Model, at: number, before: ModelPiece | null): void {
  m.graceUntil = null;
  for (const piece of m.pieces) if (begun(piece) && piece.until <= at) piece.state = 'over';
  const rank = (piece: ModelPiece) => [
    piece.payment === null ? 0 : 1,
    -(m.tiers[piece.tier] as ModelTier).position,
    piece.state === 'interrupted' ? 0 : 1,
    piece.order,
  ];
  const [next] = m.pieces
    .filter((piece) => piece.state === 'interrupted' || piece.state === 'waits')
    .sort((a, b) => {
      const [x, y] = [rank(a), rank(b)];
      const at = x.findIndex((value, i) => value !== y[i]);
      return at < 0 ? m.pieces.indexOf(a) - m.pieces.indexOf(b) : (x[at] as number) - (y[at] as number);
    });
  if (next) start(m, next, at, before);
  else m.tier = 'gift';
}

export function start(m: Model, piece: ModelPiece, at: number, before: ModelPiece | null): void {
  m.tier = piece.tier;
  m.graceUntil = null;
  const again = piece.state === 'interrupted';
  if (!again) begin(m, piece, at, before);
  piece.state = 'runs';
  const { number, tier, payment, until } = piece;
  m.runs.push({ number, tier, payment, from: at, until, again });
}

function begin(m: Model, piece: ModelPiece, at: number, before: ModelPiece | null): void {
  piece.from = at;
  m.begun += 1;
  piece.number = m.begun;
  const follows = before !== null && before.until === at && before.tier === piece.tier ? before.chain : null;
  const sort = piece.length ? `length ${piece.payment}` : 'months';
  const { anchor, count } = follows?.tier === `${piece.tier} ${sort}` ? follows : { anchor: at, count: 0 };
  piece.chain = { tier: `${piece.tier} ${sort}`, anchor, count: count + 1 };
  piece.until = monthsAfter(anchor, count + 1);
  if (piece.length) cutOff(m, piece, piece.length, at);
}

/** A length gives its first month away, and the rest of it waits as a piece of its own. */
function cutOff(m: Model, piece: ModelPiece, { ms, cut }: { ms: number; cut: number }, at: number): void {
  const pieces = cut === 0 ? countPieces(ms, at) : cut;
  if (pieces === 1) piece.until = at + ms;
  piece.until = Math.min(piece.until, at + ms - (pieces - 1) * 15 * DAY);
  piece.length = null;
  if (pieces === 1) return;
  const rest = { ms: at + ms - piece.until, cut: pieces - 1 };
  const waits = { ...piece, state: 'waits' as const, number: 0, chain: null, length: rest };
  m.pieces.splice(m.pieces.indexOf(piece) + 1, 0, waits);
}

export function countPieces(ms: number, at: number): number {
  let pieces = 1;
  while (at + ms - monthsAfter(at, pieces) >= 15 * DAY) pieces += 1;
  return pieces;
}

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
  for (const { tier, payment, from, until } of future(m)) {
    const last = rows.at(-1);
    if (last && last.payment === payment) Object.assign(last, { until, pieces: last.pieces + 1 });
    else rows.push({ tier, payment, from, until, pieces: 1 });
  }
  return rows;
}
