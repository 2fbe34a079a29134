import { type TObject, Type } from 'typebox';
import { type ExportLines, exportLines } from '../../domain/moving/export-lines.js';
import type { ExportSpan, ExportTable } from '../../domain/ports/export-store.js';
import { csvLine } from '../csv.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { Places } from '../places.js';
import { timeOrNone } from '../read-input.js';
import { auditLineBody } from '../schemas/audit-log.js';
import { entryBody } from '../schemas/entry.js';
import { exportQuery, exportLines as lineSchemas, userLineBody } from '../schemas/exports.js';
import { reservationBody } from '../schemas/reservation.js';
import type { Services } from '../services.js';
import { streamAnswer } from '../stream-answer.js';
import { toIso } from '../to-iso.js';
import { toListedPayment } from '../to-listed-payment.js';

/** One of the two connections of `reading`: usage has the other, however long an export takes. */
const AT_ONCE = 1;
const PATIENCE_MS = 2_000;
/** The first rows of a large table are there when it was sorted. */
const BEGIN_WITHIN_MS = 65_000;

const BODIES: { [T in ExportTable]: (line: ExportLines[T]) => object } = {
  users: userLineBody,
  entries: entryBody,
  reservations: reservationBody,
  payments: ({ user, ...payment }) => ({ ...toListedPayment(payment), user }),
  'audit-log': auditLineBody,
};

/** Members in the order of the line's schema. */
const FORMATS = {
  ndjson: {
    type: 'application/x-ndjson',
    of: (line: object, columns: string[]) => `${JSON.stringify(inOrder(line, columns))}\n`,
  },
  csv: {
    type: 'text/csv; charset=utf-8; header=present',
    of: (line: object, columns: string[]) => csvLine(columns.map((name) => line[name as keyof object])),
  },
};

const inOrder = (line: object, columns: string[]): object =>
  Object.fromEntries(columns.map((name) => [name, line[name as keyof object]]));

/** How many of them go out at once, by the services that they are of. */
const places = new WeakMap<Services, Places>();

function placesOf(services: Services): Places {
  const found = places.get(services) ?? new Places(AT_ONCE, PATIENCE_MS);
  places.set(services, found);
  return found;
}

/** GET /export/{table} */
function exportOf<T extends ExportTable>(table: T, operationId: string, what: string): RouteFactory {
  const schema: TObject = lineSchemas[table];
  return (services) =>
    defineRoute({
      method: 'GET',
      url: `/export/${table}`,
      config: { scopes: ['support'], answerWithinMs: BEGIN_WITHIN_MS },
      schema: {
        operationId,
        tags: ['Operations'],
        summary: `Export ${what}`,
        description: `${DESCRIPTIONS[table]} A stream from one snapshot; cut off where nobody reads it, and one at a time.`,
        querystring: exportQuery,
        response: { 200: streamOf(schema) },
      },
      handler: async (request, reply) => {
        const { format = 'ndjson', from, to } = request.query;
        const span = { from: timeOrNone('from', from), to: timeOrNone('to', to) };
        const texts = textOf(services, table, span, format, Object.keys(schema.properties));
        reply
          .type(FORMATS[format].type)
          .header('content-disposition', `attachment; filename="${table}.${format}"`);
        const archived = table === 'entries' && (await services.entries.archived());
        if (archived) reply.header('farebox-archived-through', toIso(archived.through));
        return streamAnswer(request, reply, texts, await placesOf(services).take());
      },
    });
}

const DESCRIPTIONS: Record<ExportTable, string> = {
  users: 'Oldest first.',
  entries:
    'In the order in which they were written. Where older ones are in the archive’s files, `farebox-archived-through` says when the last of those happened.',
  reservations: 'Oldest first.',
  payments: 'Oldest first, as `GET /payments` lists them.',
  'audit-log': 'Oldest first.',
};

const CSV = Type.String({
  title: 'Csv',
  maxLength: Number.MAX_SAFE_INTEGER,
  description:
    'A header and a row each: RFC 4180. A text that a spreadsheet would take for a formula begins with an apostrophe.',
});

const streamOf = (line: TObject) => ({
  description: 'A line each.',
  content: {
    'application/x-ndjson': { schema: line },
    'text/csv': {
      schema: CSV,
    },
  },
});

async function* textOf<T extends ExportTable>(
  services: Services,
  table: T,
  span: ExportSpan,
  format: keyof typeof FORMATS,
  columns: string[],
): AsyncGenerator<string, void> {
  const toText = FORMATS[format].of;
  let head = format === 'csv' ? csvLine(columns) : '';
  for await (const lines of exportLines(services, table, span)) {
    yield lines.reduce((text, line) => text + toText(BODIES[table](line), columns), head);
    head = '';
  }
  if (head !== '') yield head;
}

export const exportUsers = exportOf('users', 'exportUsers', 'users');
export const exportEntries = exportOf('entries', 'exportEntries', 'the ledger');
export const exportReservations = exportOf('reservations', 'exportReservations', 'reservations');
export const exportPayments = exportOf('payments', 'exportPayments', 'payments');
export const exportAuditLog = exportOf('audit-log', 'exportAuditLog', 'the audit log');
