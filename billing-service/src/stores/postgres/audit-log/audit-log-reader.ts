import { and, desc, eq, gte, lt, sql } from 'drizzle-orm';
import type { Actor, AuditLine, AuditLog } from '../../../domain/ports/audit-log.js';
import type { Database } from '../driver/database.js';
import { orUnavailable } from '../driver/failure.js';
import { auditLog, auditTexts } from '../schema/schema.js';

const OLDEST_REFERENCE = sql<string | null>`(
  select r.reference from user_references r where r.user_id = coalesce(
    (select f.merged_into from former_users f where f.user_id = ${auditLog.userId}), ${auditLog.userId})
  order by r.created_at, r.reference limit 1)`;

export class PostgresAuditLog implements AuditLog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list({ apiKeyId, userId, action, from, to, before, limit }: Parameters<AuditLog['list']>[0]) {
    const { at, id } = auditLog;
    const rows = await orUnavailable(
      this.#database.drizzle
        .select({ line: auditLog, texts: auditTexts, user: OLDEST_REFERENCE })
        .from(auditLog)
        .leftJoin(auditTexts, eq(auditTexts.auditId, id))
        .where(
          and(
            apiKeyId === undefined ? undefined : eq(auditLog.apiKeyId, apiKeyId),
            userId === undefined ? undefined : eq(auditLog.userId, userId),
            action === undefined ? undefined : eq(auditLog.action, action),
            from === undefined ? undefined : gte(at, new Date(from)),
            to === undefined ? undefined : lt(at, new Date(to)),
            before && sql`(${at}, ${id}) < (${new Date(before.at).toISOString()}::timestamptz, ${before.id})`,
          ),
        )
        .orderBy(desc(at), desc(id))
        .limit(limit),
    );
    return rows.map(lineOf);
  }
}

interface Row {
  line: typeof auditLog.$inferSelect;
  texts: typeof auditTexts.$inferSelect | null;
  user: string | null;
}

const lineOf = ({ line, texts, user }: Row): AuditLine => ({
  id: line.id,
  at: line.at.getTime(),
  actor: { apiKeyId: line.apiKeyId, name: line.actorName, via: line.via as Actor['via'] },
  action: line.action,
  user,
  target: line.target,
  reason: texts?.reason ?? null,
  before: texts?.before ?? line.before,
  after: texts?.after ?? line.after,
  requestId: line.requestId,
});
