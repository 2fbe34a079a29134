import type { BillingHttp } from '../billing-http.js';
import type { AnswerLine, Query } from '../types.js';

type Span = Pick<Query<'exportUsers'>, 'from' | 'to'>;

/**
 * Whole tables, row by row as they come, of one moment and oldest first, in constant memory: scope `support`. An export
 * that breaks off throws; it begins anew.
 */
export class ExportCalls {
  constructor(readonly http: BillingHttp) {}

  users(span: Span = {}): AsyncGenerator<AnswerLine<'exportUsers'>> {
    return this.http.lines('GET', '/export/users', { query: span });
  }
  entries(span: Span = {}): AsyncGenerator<AnswerLine<'exportEntries'>> {
    return this.http.lines('GET', '/export/entries', { query: span });
  }
  reservations(span: Span = {}): AsyncGenerator<AnswerLine<'exportReservations'>> {
    return this.http.lines('GET', '/export/reservations', { query: span });
  }
  payments(span: Span = {}): AsyncGenerator<AnswerLine<'exportPayments'>> {
    return this.http.lines('GET', '/export/payments', { query: span });
  }
  auditLog(span: Span = {}): AsyncGenerator<AnswerLine<'exportAuditLog'>> {
    return this.http.lines('GET', '/export/audit-log', { query: span });
  }
}
