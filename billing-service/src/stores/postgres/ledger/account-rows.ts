/** Rows ↔ the domain's account. */
import type { InferSelectModel } from 'drizzle-orm';
import type { Grant, GrantSource, Part } from '../../../domain/account/account.js';
import type { Reservation, ReservationStatus } from '../../../domain/account/reservation.js';
import { type Plan, tierDueAt } from '../../../domain/plan/plan.js';
import type { grants, reservations, users } from '../schema/schema.js';

export const ms = (time: Date | null): number | null => (time === null ? null : time.getTime());
export const date = (time: number | null): Date | null => (time === null ? null : new Date(time));

type GrantRow = InferSelectModel<typeof grants>;

export function grantOf(row: GrantRow): Grant {
  const { paymentProvider: provider, paymentId, userId: _, ...rest } = row;
  return {
    ...rest,
    source: row.source as GrantSource,
    expiresAt: ms(row.expiresAt),
    endsAt: ms(row.endsAt),
    createdAt: row.createdAt.getTime(),
    payment: provider !== null && paymentId !== null ? { provider, paymentId } : null,
  };
}

export function grantRow(userId: number, { payment, ...grant }: Grant): GrantRow {
  return {
    ...grant,
    userId,
    expiresAt: date(grant.expiresAt),
    endsAt: date(grant.endsAt),
    createdAt: new Date(grant.createdAt),
    paymentProvider: payment?.provider ?? null,
    paymentId: payment?.paymentId ?? null,
  };
}

/** The plan's columns of a user's row. */
export type PlanRow = Pick<
  InferSelectModel<typeof users>,
  | 'tier'
  | 'tenure'
  | 'purchases'
  | 'graceUntil'
  | 'anchor'
  | 'period'
  | 'periodGranted'
  | 'channelSubscribedAt'
>;

export const planOf = (row: PlanRow): Plan => ({
  tier: row.tier,
  tenure: row.tenure,
  purchases: row.purchases,
  graceUntil: ms(row.graceUntil),
  anchor: ms(row.anchor),
  period: row.period,
  periodGranted: row.periodGranted,
  channelSubscribedAt: ms(row.channelSubscribedAt),
});

export const planRow = (plan: Plan): PlanRow & { tierDueAt: Date | null } => ({
  ...plan,
  graceUntil: date(plan.graceUntil),
  anchor: date(plan.anchor),
  channelSubscribedAt: date(plan.channelSubscribedAt),
  tierDueAt: date(tierDueAt(plan)),
});

type ReservationRow = InferSelectModel<typeof reservations>;

export const reservationOf = (
  row: ReservationRow,
  names: Pick<Reservation, 'tier' | 'model'>,
): Reservation => ({
  ...row,
  ...names,
  former: null,
  status: row.status as ReservationStatus,
  createdAt: row.createdAt.getTime(),
  expiresAt: row.expiresAt.getTime(),
  settledAt: ms(row.settledAt),
});

/** Without its tier and model, which never change. */
export const reservationRow = ({
  tier: _,
  model: __,
  former,
  ...r
}: Reservation): Omit<ReservationRow, 'tier' | 'model'> => ({
  ...r,
  ...(former ? numbered(r, -former.grantOffset) : {}),
  createdAt: new Date(r.createdAt),
  expiresAt: new Date(r.expiresAt),
  settledAt: date(r.settledAt),
});

/** With other numbers of the grants that paid for it. */
export const numbered = ({ grantId, parts }: Pick<Reservation, 'grantId' | 'parts'>, offset: number) => ({
  grantId: grantId === null ? null : grantId + offset,
  parts: parts?.map(([id, tokens]): Part => [id === null ? null : id + offset, tokens]) ?? null,
});
