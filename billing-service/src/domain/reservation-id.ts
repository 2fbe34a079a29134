import { randomFillSync } from 'node:crypto';

const PREFIX = 'rsv_';
const BYTES = 24;

/** Opaque to callers; carries the user's number so that every statement about a reservation can name the user. */
export function encodeReservationId(userId: number, id: string): string {
  const bytes = Buffer.allocUnsafe(BYTES);
  bytes.writeBigUInt64BE(BigInt(userId), 0);
  bytes.write(id.replaceAll('-', ''), 8, 'hex');
  return PREFIX + bytes.toString('base64url');
}

/** Null for anything that encodeReservationId did not write. */
export function decodeReservationId(text: string): { userId: number; id: string } | null {
  if (!text.startsWith(PREFIX) || text.length !== PREFIX.length + 32) return null;
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
  const userId = bytes.length === BYTES ? Number(bytes.readBigUInt64BE(0)) : 0;
  if (!Number.isSafeInteger(userId) || userId < 1) return null;
  const id = asUuid(bytes.toString('hex', 8));
  return encodeReservationId(userId, id) === text ? { userId, id } : null;
}

const asUuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

const pool = Buffer.allocUnsafe(8 * 256);
let used = pool.length;
let lastMs = 0;
let sequence = 0;

/** UUID v7, growing within this process also inside one millisecond: 12 bits of sequence, then 62 random bits. */
export function nextReservationUuid(nowMs: number): string {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    sequence = 0;
  } else if (++sequence > 0xfff) {
    lastMs += 1;
    sequence = 0;
  }
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, used + 8);
  used += 8;
  random[0] = ((random[0] as number) & 0x3f) | 0x80;
  const time = lastMs.toString(16).padStart(12, '0');
  return asUuid(time + (0x7000 + sequence).toString(16) + random.toString('hex'));
}
