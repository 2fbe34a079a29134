import { randomUUID } from 'node:crypto';
import { required } from './test-environment.js';

/**
 * The tests' Redis, under a prefix of its own: databases of test files that run side by side number their users alike,
 * and would count on each other's limits. Call it once for all instances that are to share their limits.
 */
export function ownRedisUrl(): string {
  return `${required('TEST_REDIS_URL')}?keyPrefix=${randomUUID()}:`;
}
