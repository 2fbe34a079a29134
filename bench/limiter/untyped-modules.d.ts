/** As far as it is used here; the package types its plugin only. */
declare module '@fastify/rate-limit/store/RedisStore.js' {
  import type { Redis } from 'ioredis';

  type Callback = (error: Error | null, result: { current: number; ttl: number } | null) => void;

  export default class RedisStore {
    constructor(continueExceeding: boolean, exponentialBackoff: boolean, redis: Redis, prefix?: string);
    incr(key: string, callback: Callback, timeWindowMs: number, max: number): void;
  }
}
