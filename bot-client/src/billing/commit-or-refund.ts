import type { BillingClient } from './billing-client.js';
import { BillingError } from './billing-error.js';
import type { Balance } from './types.js';
import type { WorkRecord } from './work-log.js';

export interface Settlement {
  outcome: 'charged' | 'returned' | 'nothing-held';
  tokens: number;
  balance?: Balance;
}

/**
 * Brings one piece of work to its end: delivered work is charged, other work given back. Safe to repeat. Undefined: the
 * service is away, try again later. A final refusal (expired, settled before, unknown) leaves nothing to do.
 */
export async function commitOrRefund(
  billing: BillingClient,
  record: WorkRecord,
): Promise<Settlement | undefined> {
  try {
    const reservationId = record.reservationId ?? (await heldUnder(billing, record));
    if (record.state === 'delivered') {
      const { amount, balance } = await billing.commit(reservationId, record.cost);
      return { outcome: 'charged', tokens: amount, balance };
    }
    const { refunded, balance } = await billing.refund(reservationId, 'not delivered');
    return { outcome: 'returned', tokens: refunded, balance };
  } catch (error) {
    if (!(error instanceof BillingError)) throw error;
    // Work the service refused for good holds no tokens.
    return error.final ? { outcome: 'nothing-held', tokens: 0 } : undefined;
  }
}

/**
 * The hold of work that stopped before the answer to its reserve came. To reserve again under the same key is right in
 * any order of events: it finds the hold that exists, or makes one that is given back at once.
 */
async function heldUnder(billing: BillingClient, record: WorkRecord): Promise<string> {
  return (await billing.reserve(record.request, record.key)).reservationId;
}
