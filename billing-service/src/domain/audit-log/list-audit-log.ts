import { cursorOf, keyAfter, type Page, type PageRequest, pageOf } from '../page.js';
import { LATEST_MS } from '../plan/months.js';
import type { AuditLine, AuditLog, AuditPlace } from '../ports/audit-log.js';
import type { UserStore } from '../ports/user-store.js';
import { accept, type Result } from '../refusal.js';

export interface AuditQuery extends PageRequest {
  actor?: string | undefined;
  user?: string | undefined;
  action?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

const cursor = cursorOf<AuditPlace>(
  'audit-log',
  ({ at, id }) => `${at}:${id}`,
  (text) => {
    const [, at, id] = /^(\d{1,15}):(\d{1,15})$/.exec(text) ?? [];
    return at === undefined || id === undefined || Number(at) > LATEST_MS
      ? null
      : { at: Number(at), id: Number(id) };
  },
);

/** Newest first. A filter that names an unknown user finds nothing. Refusals: invalid (a cursor of another list). */
export async function listAuditLog(
  { users, auditLog }: { users: UserStore; auditLog: AuditLog },
  { actor, user, limit, cursor: text, ...range }: AuditQuery,
): Promise<Result<Page<AuditLine>>> {
  const before = keyAfter(cursor, text);
  if (!before.ok) return before;
  const profile = user === undefined ? undefined : await users.find(user);
  if (profile === null) return accept({ items: [] });
  const found = await auditLog.list({
    ...range,
    apiKeyId: actor,
    userId: profile?.userId,
    before: before.value,
    limit: limit + 1,
  });
  return accept(pageOf(found, limit, (line) => cursor.encode(line)));
}
