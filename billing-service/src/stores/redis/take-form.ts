/** What take.lua is given and what it returns; the script's header has the form. */
import type { CountStatus, LimitCounts, PolicyCount } from '../../domain/limits/limit-decision.js';
import { EVERY_OPERATION } from '../../domain/limits/limit-policy.js';
import type { LimitRequest } from '../../domain/ports/limit-store.js';
import type { CheckKey } from '../memory/check-key.js';

export interface Check {
  request: LimitRequest;
  key: CheckKey;
  nowMs: number;
}

/** Besides the counts, what tells a caller whether the log is the one it knew. */
export interface SharedCounts extends LimitCounts {
  /** The log's time (ms): never before its newest record. */
  timeMs: number;
  /** Tokens of cost ever counted in this log; falls only when the log was lost. */
  total: number;
}

const STATUS: readonly CountStatus[] = ['denied', 'admitted', 'repeated'];
const REQUEST_BYTES = 32;
const POLICY_BYTES = 13;
/** In place of a status: the reason follows. */
const FAILED = 3;

/** Packed both ways, since ioredis takes a microsecond for each argument and half of one for each number it reads. */
export function packChecks(checks: readonly Check[]): Buffer {
  let length = 0;
  for (const { request } of checks) length += REQUEST_BYTES + POLICY_BYTES * request.policies.length;
  const packed = Buffer.allocUnsafe(length);
  let at = 0;
  for (const { request, key, nowMs } of checks) {
    at = packed.writeUIntBE(nowMs, at, 6);
    at = packed.writeUIntBE(request.retainSeconds * 1000, at, 6);
    at = packed.writeUIntBE(request.cost, at, 6);
    at = packed.writeUInt32BE(key.high, at);
    at = packed.writeUInt32BE(key.low, at);
    at = packed.writeUInt32BE(key.operation, at);
    at = packed.writeUInt8(request.peek ? 0 : 1, at);
    at = packed.writeUInt8(request.policies.length, at);
    for (const { limit, windowSeconds, operation } of request.policies) {
      at = packed.writeUIntBE(limit, at, 6);
      at = packed.writeUIntBE(windowSeconds * 1000, at, 6);
      at = packed.writeUInt8(operation === EVERY_OPERATION ? 1 : 0, at);
    }
  }
  return packed;
}

/** In the order of the checks; an Error where one failed alone. */
export function readCounts(checks: readonly Check[], reply: Buffer): (SharedCounts | Error)[] {
  let at = 0;
  return checks.map(({ request }) => {
    const first = reply[at++];
    if (first === FAILED) {
      const from = at + 2;
      at = from + reply.readUInt16BE(at);
      return new Error(reply.toString('utf8', from, at));
    }
    const status = STATUS[first ?? Number.NaN];
    if (status === undefined) throw new Error('take.lua answered with an unknown status');
    const timeMs = reply.readUIntBE(at, 6);
    const total = reply.readUIntBE(at + 6, 6);
    const countedAt = reply.readUIntBE(at + 12, 6);
    at += 18;
    const counts: PolicyCount[] = [];
    for (let i = 0; i < request.policies.length; i++, at += 18) {
      counts.push({
        used: reply.readUIntBE(at, 6),
        newestAt: reply.readUIntBE(at + 6, 6),
        nextAt: reply.readUIntBE(at + 12, 6),
      });
    }
    return { status, counts, countedAt, timeMs, total };
  });
}
