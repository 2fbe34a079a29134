import pg from 'pg';
import { nextReservationUuid } from '../../billing-service/src/domain/account/reservation-id.js';
import { Problem } from '../../billing-service/src/http/problem.js';
import type { Contender } from './contender.js';
import { heldAnswer, reserveRoute } from './reserve-answer.js';

/** More made it slower on two cores, fewer kept requests waiting; some twenty is also what a team would set. */
const POOL_SIZE = 20;

const LOCK = {
  name: 'lock_account',
  text: `select front_left + rest - debt as total, reserved from accounts where user_id = $1 for update`,
};
const HOLD = {
  name: 'hold_tokens',
  text: `update accounts set reserved = reserved + $2, open_count = open_count + 1,
    hold_due_at = least(hold_due_at, $3::timestamptz) where user_id = $1`,
};
const INSERT = {
  name: 'insert_reservation',
  text: `insert into reservations (user_id, id, reference, operation, amount, created_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7)`,
};

/**
 * What a careful team writes first: a transaction a request, with the row locked before it is read. The same tables,
 * named statements, a pool, and users and prices from the same caches as Farebox.
 */
export const oneTransaction: Contender = (services, config) => {
  const pool = new pg.Pool({ connectionString: config.databaseUrl, max: POOL_SIZE });
  pool.on('error', () => {});
  return reserveRoute(services, async (body, _request, reply) => {
    const { user, operation, ttlSeconds = 300 } = body;
    const { userId } = await services.users.ensure(user);
    const amount = services.catalogue.current().operations.get(operation)?.price ?? 0;
    const now = services.clock.now();
    const hold = {
      userId,
      id: nextReservationUuid(now),
      user,
      operation,
      amount,
      expiresAt: now + ttlSeconds * 1000,
    };
    const client = await pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<{ total: string; reserved: string }>({ ...LOCK, values: [userId] });
      const total = Number(rows[0]?.total ?? 0);
      const reserved = Number(rows[0]?.reserved ?? 0);
      const available = total - reserved;
      if (available < amount) {
        await client.query('rollback');
        throw new Problem('insufficient-tokens', 'Too few tokens.');
      }
      const expiresAt = new Date(hold.expiresAt);
      await client.query({ ...HOLD, values: [userId, amount, expiresAt] });
      const values = [userId, hold.id, user, operation, amount, new Date(now), expiresAt];
      await client.query({ ...INSERT, values });
      await client.query('commit');
      const after = { available: available - amount, reserved: reserved + amount };
      return reply.code(201).send(heldAnswer(services, { ...hold, ...after }));
    } finally {
      client.release();
    }
  });
};
