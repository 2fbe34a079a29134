/** Which of an account's grants a slow call reads: a user may have thousands that it does not need. */
import { and, eq, gt, inArray, or, sql } from 'drizzle-orm';
import type { Grant } from '../../../domain/account/account.js';
import { burnOrder, type UnreadGrants } from '../../../domain/account/burn-order.js';
import { partsOf, type Reservation } from '../../../domain/account/reservation.js';
import { GIFT_TIER } from '../../../domain/catalogue/catalogue.js';
import type { SlowCall } from '../../../domain/ports/ledger.js';
import type { Queryable } from '../driver/database.js';
import { type accounts, grants } from '../schema/schema.js';
import { grantOf } from './account-rows.js';

/** The newest grant's number, and the place of the first in burn order that is behind $3 others that last beyond now. */
const SURVEY = `select
    (select id from grants where user_id = $1 order by id desc limit 1) as newest,
    beyond.id, floor(extract(epoch from beyond.expires_at) * 1000)::bigint as "expiresAt"
  from (select) one
  left join lateral (
    select id, expires_at from grants
    where user_id = $1 and remaining > 0 and (expires_at > $2 or expires_at is null)
    order by expires_at nulls last, id offset $3 limit 1
  ) beyond on true`;

export interface GrantsWanted {
  row: typeof accounts.$inferSelect;
  call: SlowCall;
  reservation: Reservation | null;
  /** The tenures that tokens may be returned to. */
  tenures: number[];
  now: number;
  /** How many of those that are live are read. */
  atMost: number;
}

export interface LoadedGrants {
  /** In burn order. */
  loaded: Grant[];
  before: Map<number, typeof grants.$inferSelect>;
  unread: UnreadGrants | null;
  nextGrantId: number;
}

export async function loadGrants(tx: Queryable, wanted: GrantsWanted): Promise<LoadedGrants> {
  const { row, now, atMost } = wanted;
  type Survey = { newest: number | null; id: number | null; expiresAt: number | null };
  const [survey] = await tx.query<Survey>(SURVEY, [row.userId, new Date(now), atMost]);
  const { id = null, expiresAt = null } = survey ?? {};
  const from = id === null ? null : { id, expiresAt };
  const rows = await tx.drizzle.select().from(grants).where(neededBy(wanted, from));
  const loaded = rows.map(grantOf).sort(burnOrder);
  for (const grant of loaded) if (grant.id === row.frontGrantId) grant.remaining = row.frontLeft;
  const tokens = loaded.reduce((left, grant) => left - grant.remaining, row.frontLeft + row.rest);
  return {
    loaded,
    before: new Map(rows.map((grant) => [grant.id, grant])),
    unread: from !== null && tokens > 0 ? { from, tokens } : null,
    nextGrantId: (survey?.newest ?? 0) + 1,
  };
}

/**
 * Those with tokens that burn before `from` and those whose tokens are to be taken back; and empty ones that matter: live
 * gift grants, what a refund may return to, a payment's own.
 */
function neededBy({ row, call, reservation, tenures, now }: GrantsWanted, from: UnreadGrants['from'] | null) {
  const firstDue = new Date(Math.min(now, row.nextDueAt?.getTime() ?? now));
  const partIds = reservation ? partsOf(reservation).flatMap(([id]) => (id === null ? [] : [id])) : [];
  const { payment } = call;
  const hasTokens = gt(grants.remaining, 0);
  return and(
    eq(grants.userId, row.userId),
    or(
      from ? and(hasTokens, or(grants.revoked, gt(grants.toRevoke, 0), burnsBefore(from))) : hasTokens,
      sql`${grants.id} = ${row.frontGrantId}`,
      and(eq(grants.tier, GIFT_TIER), gt(grants.expiresAt, firstDue)),
      // The period of the call may be another than the stored one: paid time may turn first.
      reservation ? and(eq(grants.source, 'refund'), inArray(grants.tenure, tenures)) : undefined,
      partIds.length > 0 ? inArray(grants.id, partIds) : undefined,
      payment
        ? and(eq(grants.paymentProvider, payment.provider), eq(grants.paymentId, payment.paymentId))
        : undefined,
    ),
  );
}

/** burnOrder, in SQL. */
const burnsBefore = ({ id, expiresAt }: UnreadGrants['from']) =>
  expiresAt === null
    ? sql`(${grants.expiresAt} is not null or ${grants.id} < ${id})`
    : sql`(${grants.expiresAt}, ${grants.id}) < (${new Date(expiresAt)}, ${id})`;
