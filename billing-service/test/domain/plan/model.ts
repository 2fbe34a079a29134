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
  /** The orders of all that it ran ahead of when it was interrupted, and how many interruptions there were by then. */
  ahead: { of: Set<number>; at: number } | null;
  /** Of months that wait: the anchor they would have had before something was bought, or set by hand. */
  promised: number | null;
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
    const isOver = (other: ModelPiece) => other.state === 'over' || (begun(other) && other.until <= at);
    const isLast = m.pieces.every((other) => other === piece || isOver(other));
    if (isLast && !inGrace && grace > 0) m.graceUntil = at + grace;
    else startNext(m, at, piece);
  }
}

const begun = (piece: ModelPiece) => piece.state === 'runs' || piece.state === 'interrupted';

/** What it runs ahead of now stays behind it, whatever interrupts it. */
export function interrupt(m: Model, piece: ModelPiece): void {
  piece.state = 'interrupted';
  const left = m.pieces.filter((other) => other !== piece && other.state !== 'over');
  piece.ahead = { of: new Set(left.map((other) => other.order)), at: m.orders };
}

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
  const [best, ...others] = m.pieces
    .filter((piece) => piece.state === 'interrupted' || piece.state === 'waits')
    .sort((a, b) => {
      const [x, y] = [rank(a), rank(b)];
      const at = x.findIndex((value, i) => value !== y[i]);
      return at < 0 ? m.pieces.indexOf(a) - m.pieces.indexOf(b) : (x[at] as number) - (y[at] as number);
    });
  if (!best) m.tier = 'gift';
  else {
    const interrupted = [best, ...others].filter((piece) => piece.state === 'interrupted');
    const last = interrupted.sort((a, b) => (b.ahead?.at ?? 0) - (a.ahead?.at ?? 0))[0];
    start(m, last?.ahead?.of.has(best.order) ? last : best, at, before);
  }
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
  const goesOn = follows?.tier === `${piece.tier} ${sort}` ? follows : { anchor: at, count: 0 };
  const isFirst = follows === null || before?.payment !== piece.payment;
  const { anchor, count } = isFirst && !piece.length ? asPromised(m, goesOn, piece, at) : goesOn;
  piece.chain = { tier: `${piece.tier} ${sort}`, anchor, count: count + 1 };
  piece.until = monthsAfter(anchor, count + 1);
  if (piece.length) cutOff(m, piece, piece.length, at);
}

/** Of two anchors, that by which all that waits of these months ends later; the promised one only if it is longer. */
function asPromised(m: Model, chain: { anchor: number; count: number }, piece: ModelPiece, at: number) {
  const { promised, order } = piece;
  if (promised === null || promised > at) return chain;
  let count = 0;
  while (monthsAfter(promised, count + 1) <= at) count += 1;
  const left = m.pieces.filter(
    (other) => other === piece || (other.order === order && other.state === 'waits'),
  );
  const isLonger =
    monthsAfter(promised, count + left.length) > monthsAfter(chain.anchor, chain.count + left.length);
  return isLonger ? { anchor: promised, count } : chain;
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
