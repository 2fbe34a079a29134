/** Strong validators of small JSON documents, and the conditions that callers set with them. */
import { createHash } from 'node:crypto';

/** `value` must list its members in one order, which the domain's own objects do. */
export function etagOf(value: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)}"`;
}

/** If-None-Match of a GET: true where the caller has this one already (the weak comparison, RFC 9110 13.1.2). */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || tagsIn(ifNoneMatch).some((tag) => tag.replace(/^W\//, '') === etag);
}

/**
 * If-Match and If-None-Match of a PUT, as a check to be made under the writer's lock. If-Match compares strongly, so a
 * weak tag never matches; a header without any tag matches nothing.
 */
export function preconditionOf(headers: {
  'if-match'?: string | undefined;
  'if-none-match'?: string | undefined;
}): (present: unknown) => boolean {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  return (present) => {
    const etag = present === undefined ? undefined : etagOf(present);
    if (etag === undefined) return ifMatch === undefined;
    if (isKnown(ifNoneMatch, etag)) return false;
    return ifMatch === undefined || ifMatch.trim() === '*' || tagsIn(ifMatch).includes(etag);
  };
}

const tagsIn = (header: string): string[] => header.match(/(W\/)?"[^"]*"/g) ?? [];
