import { Type } from 'typebox';
import type { ReservationStatus } from '../../domain/account/reservation.js';
import type { ReservationState } from '../../domain/tokens/read-reservation.js';
import { toIso, toIsoOrNull } from '../to-iso.js';
import {
  affordable,
  amount,
  balance,
  closed,
  nullable,
  operationId,
  reservationId,
  time,
  userReference,
} from './common.js';
import { receipt } from './receipt.js';
import { storedMetadata } from './stored-metadata.js';

export const reservationStatus = Type.Unsafe<ReservationStatus>({
  type: 'string',
  enum: ['open', 'committed', 'refunded', 'expired'],
  description: '`refunded`: released while open. A committed one stays `committed`, whatever is given back.',
});

export const reservation = closed(
  {
    reservationId,
    user: userReference,
    operation: operationId,
    amount,
    status: reservationStatus,
    expiresAt: time,
    createdAt: time,
    settledAt: nullable(time, {
      description: 'When it was committed, released or expired.',
      examples: [null],
    }),
    charged: Type.Integer({ description: 'Tokens that commit took.', examples: [0] }),
    refundedTotal: Type.Integer({ description: 'Tokens given back.', examples: [0] }),
    uncollected: Type.Integer({ description: 'What commit asked for and could not take.', examples: [0] }),
    late: Type.Boolean({ description: 'Committed after its end.', examples: [false] }),
    metadata: storedMetadata,
    receipt,
    balance,
    affordable,
  },
  { title: 'Reservation', description: 'A reservation, and the user’s balance, as they are now.' },
);

export const reservationBody = <T extends ReservationState>({
  expiresAt,
  createdAt,
  settledAt,
  ...rest
}: T) => ({
  ...rest,
  expiresAt: toIso(expiresAt),
  createdAt: toIso(createdAt),
  settledAt: toIsoOrNull(settledAt),
});
