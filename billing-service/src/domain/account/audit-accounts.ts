import { cursorOf, keyAfter } from '../page.js';
import type { Audit } from '../ports/audit.js';
import type { Ledger } from '../ports/ledger.js';
import type { Patience } from '../ports/patience.js';
import { accept, type Result } from '../refusal.js';

export interface AuditPage extends Omit<Audit, 'stoppedAt'> {
  nextCursor?: string;
}

interface Place {
  after: number;
  /** How many mismatches lie before it: what is found in the end is a matter of the whole walk. */
  found: number;
}

const cursors = cursorOf<Place>(
  'audit',
  ({ after, found }) => `${after}.${found}`,
  (text) => {
    const [, after, found] = /^(\d{1,15})\.(\d{1,15})$/.exec(text) ?? [];
    return after === undefined ? null : { after: Number(after), found: Number(found) };
  },
);

/** All accounts after the cursor; those that come within `seconds`, where it is given. */
export async function auditAccounts(
  { ledger }: { ledger: Pick<Ledger, 'audit'> },
  request: { cursor?: string | undefined; seconds?: number | undefined; patience: Patience },
): Promise<Result<AuditPage>> {
  const place = keyAfter(cursors, request.cursor);
  if (!place.ok) return place;
  const { after, found: foundBefore } = place.value ?? { after: 0, found: 0 };
  const { seconds, patience } = request;
  const untilMs = seconds === undefined ? undefined : performance.now() + seconds * 1000;
  const { stoppedAt, ...audit } = await ledger.audit({ after, untilMs, patience, foundBefore });
  if (stoppedAt === null) return accept(audit);
  const found = foundBefore + audit.mismatches.length;
  return accept({ ...audit, nextCursor: cursors.encode({ after: stoppedAt, found }) });
}
