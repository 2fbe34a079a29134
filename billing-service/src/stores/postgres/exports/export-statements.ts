/** One statement a table. Columns have the names of the domain; `{time}` is put between the bounds that were asked for. */
import type { ExportSpan, ExportTable } from '../../../domain/ports/export-store.js';
import { TOTAL } from '../ledger/statement-text.js';

/** A look at an index for each row: joined, a planner may sort the whole table first. */
const oldestReference = (userId: string) =>
  `(select f.reference from user_references f where f.user_id = ${userId} order by f.created_at, f.reference limit 1)`;
const named = (alias: string) => `(select t.id from tiers t where t.number = ${alias}.tier) as tier,
    (select m.name from models m where m.number = ${alias}.model) as model`;

interface Statement {
  text: string;
  /** What `from` and `to` bound. */
  time: string;
  order: string;
}

const STATEMENTS: Record<ExportTable, Statement> = {
  users: {
    text: `select u.username, u.first_name as "firstName", u.locale, u.created_at as "createdAt", u.tier, u.tenure, u.purchases,
        u.grace_until as "graceUntil", u.anchor, u.period, u.period_granted as "periodGranted",
        u.channel_subscribed_at as "channelSubscribedAt", ${TOTAL} as total, a.spent,
        array(select r.reference from user_references r where r.user_id = u.id order by r.created_at, r.reference) as references
      from users u join accounts a on a.user_id = u.id where {time}`,
    time: 'u.created_at',
    order: 'u.created_at, u.id',
  },
  // One of 0 stands there for usage alone, and is in no list either.
  entries: {
    text: `select e.id, e.user_id as "userId", e.kind, e.amount, e.balance_after as "balanceAfter", e.source, e.operation,
        e.reservation_id as "reservationId", e.metadata, e.created_at as "createdAt", ${named('e')},
        ${oldestReference('e.user_id')} as "user"
      from entries e where e.amount <> 0 and {time}`,
    time: 'e.created_at',
    order: 'e.id',
  },
  reservations: {
    text: `select r.user_id as "userId", r.id, r.operation, r.amount, r.status, r.created_at as "createdAt",
        r.expires_at as "expiresAt", r.settled_at as "settledAt", r.asked, r.charged, r.refunded_total as "refundedTotal",
        r.late, r.metadata, ${named('r')}, ${oldestReference('r.user_id')} as "user"
      from reservations r where {time}`,
    time: 'r.created_at',
    order: 'r.created_at, r.id',
  },
  payments: {
    text: `select p.provider, p.payment_id as "paymentId", p.answer, p.currency, p.amount, p.metadata,
        p.created_at as "createdAt", p.refunded_at as "refundedAt", p.refunded_tokens as "refundedTokens",
        p.refunded_amount as "refundedAmount", ${oldestReference('p.user_id')} as "user"
      from payments p where {time}`,
    time: 'p.created_at',
    order: 'p.created_at, p.provider, p.payment_id',
  },
  'audit-log': {
    text: `select l.id, l.at, l.api_key_id as "apiKeyId", l.actor_name as "actorName", l.via, l.action, l.target,
        l.request_id as "requestId", t.reason, coalesce(t.before, l.before) as before, coalesce(t.after, l.after) as after,
        ${oldestReference('l.user_id')} as "user"
      from audit_log l left join audit_texts t on t.audit_id = l.id where {time}`,
    time: 'l.at',
    order: 'l.at, l.id',
  },
};

/** Only the bounds that there are, so that the plan suits them. */
export function exportStatement(
  table: ExportTable,
  { from, to }: ExportSpan,
): { text: string; values: Date[] } {
  const { text, time, order } = STATEMENTS[table];
  const values: Date[] = [];
  const terms = [
    ...(from === undefined ? [] : [`${time} >= $${values.push(new Date(from))}::timestamptz`]),
    ...(to === undefined ? [] : [`${time} < $${values.push(new Date(to))}::timestamptz`]),
  ];
  return { text: `${text.replace('{time}', terms.join(' and ') || 'true')} order by ${order}`, values };
}
