import { randomUUID } from 'node:crypto';
import type { WorkRecord } from './work-log.js';

export interface WithTokensOptions {
  /** Names this piece of work: the same key never holds twice. */
  key?: string;
  /** Hold this instead of the operation's price: an upper bound where the work reports its cost. */
  amount?: number;
  signal?: AbortSignal;
  metadata?: Record<string, unknown>;
  /** Kept with the work in the log, so that the user can be told after a crash. */
  note?: Record<string, unknown>;
  /** How long the hold lasts where nobody extends it, as after a crash. */
  ttlSeconds?: number;
  /** How often it is extended while the work runs: a third of `ttlSeconds` unless said otherwise. */
  extendEveryMs?: number;
}

export const DEFAULT_TTL_SECONDS = 300;

/** The record of a piece of work, written down before any of it begins. */
export function planWork(user: string, operation: string, options: WithTokensOptions): WorkRecord {
  const { key = randomUUID(), amount, metadata, ttlSeconds = DEFAULT_TTL_SECONDS } = options;
  const request = {
    user,
    operation,
    ...(amount === undefined ? {} : { amount }),
    ttlSeconds,
    checkLimits: true,
    ...(metadata === undefined ? {} : { metadata }),
  };
  return { key, request, state: 'planned', note: options.note ?? {} };
}
