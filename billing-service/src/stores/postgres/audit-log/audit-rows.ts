import type { Author, Change } from '../../../domain/ports/audit-log.js';
import type { Queryable } from '../driver/database.js';
import { auditLog, auditTexts } from '../schema/schema.js';

/** Members that hold words about a person, wherever they stand: they go where erasure can reach them. */
const ABOUT_A_PERSON = new Set([
  'description',
  'firstName',
  'locale',
  'metadata',
  'reason',
  'reference',
  'references',
  'user',
  'username',
]);

/** Adds a line in the transaction of the write that it tells of. */
export async function insertAuditLine(
  { drizzle }: Queryable,
  { actor, action, requestId, at, reason: why }: Author,
  change: Change & { userId: number | null },
): Promise<void> {
  const { userId, target } = change;
  const reason = change.reason ?? why;
  const before = partsOf(change.before, userId);
  const after = partsOf(change.after, userId);
  const [line] = await drizzle
    .insert(auditLog)
    .values({
      at: new Date(at),
      ...{ apiKeyId: actor.apiKeyId, actorName: actor.name, via: actor.via },
      ...{ action, userId, target, requestId, before: before.kept, after: after.kept },
    })
    .returning({ id: auditLog.id });
  if (!line) throw new Error('a line of the audit log was not written');
  const texts = { reason, before: before.full, after: after.full };
  if (Object.values(texts).every((text) => text === null)) return;
  await drizzle.insert(auditTexts).values({ auditId: line.id, userId, ...texts });
}

/** `full` only where it says more than `kept`. */
function partsOf(value: object | null, userId: number | null): { kept: object | null; full: object | null } {
  if (value === null || userId === null) return { kept: value, full: null };
  const kept = withoutWords(value) as object;
  return { kept, full: JSON.stringify(kept) === JSON.stringify(value) ? null : value };
}

function withoutWords(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutWords);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !ABOUT_A_PERSON.has(name))
      .map(([name, member]) => [name, withoutWords(member)]),
  );
}
