/** What must have been told of each user, worked out from the rows that are there, in the plainest way. */
import type { Queryable } from '../../src/stores/postgres/driver/database.js';

/** Of the seeded catalogue. */
const PRICES = [5, 10];
const FIFTH: Record<string, number> = { gift: 20, professional: 400, business: 2_000 };

interface Line {
  userId: number;
  kind: string;
  amount: number;
  tier: string | null;
}

const ENTRIES = `select e.user_id as "userId", e.kind, e.amount, t.id as tier
from entries e left join tiers t on t.number = e.tier order by e.id`;

/** A line an event that comes from the ledger: the type, and what it is about. */
export async function expectedOf(tx: Pick<Queryable, 'query'>): Promise<Record<string, string[]>> {
  const told: Record<string, string[]> = {};
  const totals: Record<string, number> = {};
  for (const { userId, kind, amount, tier } of await tx.query<Line>(ENTRIES)) {
    told[userId] ??= [];
    const lines = told[userId];
    const before = totals[userId] ?? 0;
    const after = before + amount;
    totals[userId] = after;
    if (kind === 'charge') lines.push(`reservation.committed ${-amount} of ${after}`);
    if (kind === 'grant' || (kind === 'adjustment' && amount > 0))
      lines.push(`tokens.granted ${amount} of ${after}`);
    const marks = new Set([...PRICES, FIFTH[tier ?? ''] ?? 0]);
    for (const mark of [...marks].sort((a, b) => b - a))
      if (mark > 0 && before >= mark && mark > after) lines.push(`tokens.low ${mark} of ${after}`);
    if (before > 0 && after <= 0) lines.push(`tokens.exhausted of ${after}`);
  }
  return told;
}

interface Row {
  id: number;
  userId: number;
  type: string;
  sequence: number;
  data: string;
}

export interface Told {
  /** By user, those from the ledger. */
  lines: Record<string, string[]>;
  /** By type, those that are not in the ledger. */
  others: Record<string, number>;
  /** Sequences that are not 1, 2, 3 … */
  gaps: string[];
}

export async function toldIn(tx: Pick<Queryable, 'query'>): Promise<Told> {
  const rows = await tx.query<Row>(
    'select id, user_id as "userId", type, sequence, data from events order by id',
  );
  const told: Told = { lines: {}, others: {}, gaps: [] };
  const last: Record<string, number> = {};
  for (const { userId, type, sequence, data: text } of rows) {
    const data = JSON.parse(text);
    const next = (last[userId] ?? 0) + 1;
    last[userId] = next;
    if (userId !== null && (sequence !== next || data.sequence !== next))
      told.gaps.push(`${userId}: ${sequence} for ${next}`);
    const about = data.threshold?.tokens ?? data.amount;
    const line = `${type}${about === undefined ? '' : ` ${about}`} of ${data.balance?.total}`;
    if (/^(reservation\.|tokens\.)/.test(type)) {
      told.lines[userId] ??= [];
      told.lines[userId].push(line);
    } else told.others[type] = (told.others[type] ?? 0) + 1;
  }
  return told;
}
