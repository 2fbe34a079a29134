/** What a purchase, a refund and a tier by hand do to the model. */
import { interrupt, type Model, type ModelPiece, type ModelTier, runs, start, startNext } from './model.js';
import { future, promise } from './model-future.js';

const piece = (m: Model, tier: string, payment: string | null): ModelPiece => ({
  payment,
  order: m.orders,
  tier,
  state: 'waits',
  number: 0,
  from: 0,
  until: 0,
  chain: null,
  ahead: null,
  promised: null,
  length: null,
});

export interface Wanted {
  tier: string;
  payment: string;
  months?: number;
  ms?: number;
  now: boolean;
}

export function buy(m: Model, wanted: Wanted, at: number): void {
  promise(m);
  const present = runs(m);
  const position = (id: string) => (m.tiers[id] as ModelTier).position;
  if (!present || m.graceUntil !== null) {
    add(m, wanted);
    startNext(m, at, present ?? null);
  } else if (wanted.now || position(wanted.tier) > position(present.tier)) {
    interrupt(m, present);
    start(m, add(m, wanted), at, null);
  } else add(m, wanted);
}

/** It waits; returns its first piece. */
function add(m: Model, { tier, payment, months, ms }: Wanted): ModelPiece {
  m.orders += 1;
  const bought = Array.from({ length: months ?? 1 }, () => piece(m, tier, payment));
  const [first] = bought as [ModelPiece];
  if (ms !== undefined) first.length = { ms, cut: 0 };
  m.pieces.push(...bought);
  return first;
}

/** `instead`: what is told again because of the refund. */
export function refund(m: Model, payment: string, at: number, instead: Wanted[]): void {
  const ran = runs(m);
  m.pieces = m.pieces.filter((one) => one.payment !== payment || one.state === 'over');
  if (ran?.payment === payment) {
    for (const wanted of instead) add(m, wanted);
    startNext(m, at, null);
  } else for (const wanted of instead) buy(m, wanted, at);
}

export function putByHand(m: Model, tier: string, months: number, at: number): void {
  const present = runs(m);
  if (tier === 'gift') {
    m.pieces = [];
    startNext(m, at, null);
  } else if (present?.tier === tier && m.graceUntil === null) lengthen(m, present, months);
  else {
    promise(m);
    if (present) interrupt(m, present);
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
  const same = other < 0 ? ahead : ahead.slice(0, other);
  // The rest of a piece that is taken up again is no period of its own.
  const lacking = months - same.filter((run) => run === ahead[0] || !run.again).length;
  m.orders += 1;
  for (let i = 0; i < lacking; i++) m.pieces.push(piece(m, present.tier, null));
}
