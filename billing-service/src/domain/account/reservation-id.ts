/** Ids of reservations: a uuid inside, and for callers `rsv_` with 24 bytes in base64url, the user's number (8) and the uuid. */
import { randomFillSync } from 'node:crypto';

const FORM = /^rsv_[\w-]{32}$/;
const PREFIX = 'rsv_';

/** Opaque to callers; carries the user's number so that every statement about a reservation can name the user. */
export function encodeReservationId(userId: number, id: string): string {
  const bytes = Buffer.allocUnsafe(24);
  bytes.writeBigUInt64BE(BigInt(userId), 0);
  bytes.write(id.replaceAll('-', ''), 8, 'hex');
  return PREFIX + bytes.toString('base64url');
}

/** Null for anything that encodeReservationId did not write. */
export function decodeReservationId(text: string): { userId: number; id: string } | null {
  if (!FORM.test(text)) return null;
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
  const userId = Number(bytes.readBigUInt64BE(0));
  if (!Number.isSafeInteger(userId) || userId < 1) return null;
  return { userId, id: uuidText(bytes.toString('hex', 8)) };
}

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
  const bytes = Buffer.allocUnsafe(16);
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 + sequence, 6);
  pool.copy(bytes, 8, used, used + 8);
  used += 8;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return uuidText(bytes.toString('hex'));
}

/** A uuid that is less than all that were made at this moment or later. */
export function firstReservationUuid(atMs: number): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(Math.max(0, Math.floor(atMs)), 0, 6);
  return uuidText(bytes.toString('hex'));
}

/** With the hyphens that its 32 digits lack. */
function uuidText(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
