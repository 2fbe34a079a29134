/** What a purchase, a refund and a tier by hand do to the model. */
import { future, type Model, type ModelPiece, type ModelTier, runs, start, startNext } from './model.js';

const piece = (m: Model, tier: string, payment: string | null): ModelPiece => ({
  payment,
  order: m.orders,
  tier,
  state: 'waits',
  number: 0,
  from: 0,
  until: 0,
  chain: null,
  length: null,
});

export interface Wanted {
  tier: string;
  payment: string;
  months?: number;
  ms?: number;
  now: boolean;
}

export function buy(m: Model, { tier, payment, months, ms, now }: Wanted, at: number): void {
  m.orders += 1;
  const bought = Array.from({ length: months ?? 1 }, () => piece(m, tier, payment));
  const [first] = bought as [ModelPiece];
  if (ms !== undefined) first.length = { ms, cut: 0 };
  m.pieces.push(...bought);
  const present = runs(m);
  const position = (id: string) => (m.tiers[id] as ModelTier).position;
  if (!present || m.graceUntil !== null) startNext(m, at, present ?? null);
  else if (now || position(tier) > position(present.tier)) {
    present.state = 'interrupted';
    start(m, first, at, null);
  }
}

export function refund(m: Model, payment: string, at: number): void {
  const ran = runs(m);
  m.pieces = m.pieces.filter((one) => one.payment !== payment || one.state === 'over');
  if (ran?.payment === payment) startNext(m, at, null);
}

export function putByHand(m: Model, tier: string, months: number, at: number): void {
  const present = runs(m);
  if (tier === 'gift') {
    m.pieces = [];
    startNext(m, at, null);
  } else if (present?.tier === tier && m.graceUntil === null) lengthen(m, present, months);
  else {
    if (present) present.state = 'interrupted';
    m.pieces = m.pieces.filter((one) => one.payment !== null || one.state === 'over');
    m.orders += 1;
    const byHand = Array.from({ length: months }, () => piece(m, tier, null));
    m.pieces.push(...byHand);
    start(m, byHand[0] as ModelPiece, at, null);
  }
}

function lengthen(m: Model, present: ModelPiece, months: number): void {
  m.pieces = m.pieces.filter((one) => one.payment !== null || one === present || one.state === 'over');
  const ahead = future(m);
  const other = ahead.findIndex((run) => run.tier !== present.tier);
  const lacking = months - (other < 0 ? ahead.length : other);
  m.orders += 1;
  for (let i = 0; i < lacking; i++) m.pieces.push(piece(m, present.tier, null));
}
