import type { EntryKind } from '../../../domain/account/entry.js';
import type { ReservationStatus } from '../../../domain/account/reservation.js';
import type { Actor } from '../../../domain/ports/audit-log.js';
import type { ExportRows, ExportSpan, ExportStore, ExportTable } from '../../../domain/ports/export-store.js';
import type { Database } from '../driver/database.js';
import { ms, planOf } from '../ledger/account-rows.js';
import { asMetadata } from '../ledger/entry-store.js';
import { exportStatement } from './export-statements.js';

/** Made into text in a few milliseconds: calls of others wait no longer for the one thread. */
const ROWS_A_PAGE = 500;

// biome-ignore lint/suspicious/noExplicitAny: a row is as its statement says, and the function below it gives it its type.
type Row = any;

export class PostgresExportStore implements ExportStore {
  readonly #database: Pick<Database, 'pages'>;

  constructor(database: Pick<Database, 'pages'>) {
    this.#database = database;
  }

  async *pages<T extends ExportTable>(table: T, span: ExportSpan): AsyncGenerator<ExportRows[T][], void> {
    const { text, values } = exportStatement(table, span);
    const read = READ[table];
    for await (const rows of this.#database.pages<Row>(text, values, ROWS_A_PAGE)) yield rows.map(read);
  }
}

const READ: { [T in ExportTable]: (row: Row) => ExportRows[T] } = {
  users: ({ references, username, firstName, locale, createdAt, total, spent, ...plan }) => ({
    ...{ references, username, firstName, locale, total, spent },
    createdAt: createdAt.getTime(),
    plan: planOf(plan),
  }),
  entries: (row) => ({
    ...row,
    kind: row.kind as EntryKind,
    metadata: asMetadata(row.metadata),
    createdAt: row.createdAt.getTime(),
  }),
  reservations: (row) => ({
    ...row,
    status: row.status as ReservationStatus,
    metadata: asMetadata(row.metadata),
    createdAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt.getTime(),
    settledAt: ms(row.settledAt),
  }),
  payments: (row) => ({
    ...row,
    answer: JSON.parse(row.answer),
    metadata: asMetadata(row.metadata),
    createdAt: row.createdAt.getTime(),
    refundedAt: ms(row.refundedAt),
  }),
  'audit-log': ({ apiKeyId, actorName, via, at, ...line }) => ({
    ...line,
    at: at.getTime(),
    actor: { apiKeyId, name: actorName, via: via as Actor['via'] },
  }),
};
