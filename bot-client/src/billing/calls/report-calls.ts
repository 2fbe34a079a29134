import type { BillingHttp } from '../billing-http.js';
import type { Answer, Query } from '../types.js';

/** Longer than the service lets an answer about the whole ledger take. */
const DEADLINE_MS = 10_000;

/** What happened, summed and listed: scope `support`. */
export class ReportCalls {
  constructor(readonly http: BillingHttp) {}

  usage(query: Query<'readUsage'>): Promise<Answer<'readUsage'>> {
    return this.http.call('GET', '/usage', { query, deadlineMs: DEADLINE_MS });
  }
  /** What was sold. */
  payments(query: Query<'sumPayments'>): Promise<Answer<'sumPayments'>> {
    return this.http.call('GET', '/payments/summary', { query, deadlineMs: DEADLINE_MS });
  }
  /** Who met a limit, ran out of tokens or was blocked. */
  refusals(query: Query<'listRefusals'> = {}): Promise<Answer<'listRefusals'>> {
    return this.http.call('GET', '/refusals', { query });
  }
  /** How many refusals, by time, operation, code or user. */
  refusalSums(query: Query<'sumRefusals'>): Promise<Answer<'sumRefusals'>> {
    return this.http.call('GET', '/refusals/summary', { query });
  }
  /** What answers: version, connections, settings without secrets, instances seen. */
  service(): Promise<Answer<'readService'>> {
    return this.http.call('GET', '/service', {});
  }
  /** Who changed what, and why. */
  auditLog(query: Query<'listAuditLog'> = {}): Promise<Answer<'listAuditLog'>> {
    return this.http.call('GET', '/audit-log', { query });
  }
  /** Compares every balance with the ledger; with `seconds` in parts: go on with the answer's `nextCursor`. */
  audit(query: Query<'audit'> = {}): Promise<Answer<'audit'>> {
    const deadlineMs = DEADLINE_MS + ((query as { seconds?: number }).seconds ?? 60) * 1_000;
    return this.http.call('GET', '/audit', { query, deadlineMs });
  }
}
