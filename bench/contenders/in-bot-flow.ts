import { Redis } from 'ioredis';
import pg from 'pg';
import { nextReservationUuid } from '../../billing-service/src/domain/account/reservation-id.js';
import { Problem } from '../../billing-service/src/http/problem.js';
import type { Contender } from './contender.js';
import { heldAnswer, reserveRoute } from './reserve-answer.js';

const POOL_SIZE = 20;
const LIMIT_PER_MINUTE = 1_000_000;
const CACHE_S = 300;

const TABLE = `create table if not exists bot_users (id bigint primary key, balance bigint not null);
  insert into bot_users select user_id, front_left from accounts on conflict do nothing`;
const READ = { name: 'read_balance', text: 'select balance from bot_users where id = $1' };
const WRITE = { name: 'write_balance', text: 'update bot_users set balance = $2 where id = $1' };

/**
 * What bots do by themselves: count the message in Redis (a fixed minute), read the balance through a cache, write the
 * new balance as an absolute number, and the cache after it. Two messages at once lose one charge, and a crash between
 * the two writes leaves them apart: it is here for its speed only.
 */
export const inBotFlow: Contender = async (services, config) => {
  const pool = new pg.Pool({ connectionString: config.databaseUrl, max: POOL_SIZE });
  pool.on('error', () => {});
  await pool.query(TABLE);
  const redis = new Redis(config.redis?.urls[0] ?? '');
  const readBalance = async (userId: number): Promise<number> => {
    const { rows } = await pool.query<{ balance: string }>({ ...READ, values: [userId] });
    return Number(rows[0]?.balance ?? 0);
  };
  return reserveRoute(services, async (body, _request, reply) => {
    const { user, operation, ttlSeconds = 300 } = body;
    const { userId } = await services.users.ensure(user);
    const now = services.clock.now();
    const counter = `bot:${userId}:${Math.floor(now / 60_000)}`;
    const replies = await redis
      .pipeline()
      .incr(counter)
      .expire(counter, 60)
      .get(`bot:${userId}:balance`)
      .exec();
    const [count, cached] = [Number(replies?.[0]?.[1]), replies?.[2]?.[1]];
    if (count > LIMIT_PER_MINUTE) throw new Problem('rate-limited', 'Too many messages.');
    const balance = cached ? Number(cached) : await readBalance(userId);
    const amount = services.catalogue.current().operations.get(operation)?.price ?? 0;
    if (balance < amount) throw new Problem('insufficient-tokens', 'Too few tokens.');
    await pool.query({ ...WRITE, values: [userId, balance - amount] });
    await redis.set(`bot:${userId}:balance`, balance - amount, 'EX', CACHE_S);
    const id = nextReservationUuid(now);
    const held = { userId, id, user, operation, amount, expiresAt: now + ttlSeconds * 1000 };
    return reply.code(201).send(heldAnswer(services, { ...held, available: balance - amount, reserved: 0 }));
  });
};
