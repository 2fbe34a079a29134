/** Refuses a server that may lose what it acknowledged: with it no promise to a user could be kept. */
import { UnavailableError } from '../../../domain/ports/unavailable-error.js';
import type { Database } from './database.js';

/** With `local` a standby may not have it yet, and a fail-over loses it; with `off` not even the server's own disk has. */
const DURABLE = ['on', 'remote_apply', 'remote_write'];
const MEND = 'acknowledged tokens could be lost. Set it to on.';

/** At the start. The two of the whole server change by its file alone; the third is looked at again, see below. */
export async function refuseLooseDurability(database: Database): Promise<void> {
  const rows = await database.query<{ name: string; value: string }>(
    `select name, current_setting(name) as value
     from unnest(array['fsync', 'full_page_writes', 'synchronous_commit']) as name`,
  );
  for (const { name, value } of rows) {
    if (name === 'synchronous_commit') refuseLooseCommit(value);
    else if (value !== 'on') throw new Error(`${name} is ${value} there; ${MEND}`);
  }
}

/** Also of every new connection: a role's or a database's own setting may change while instances run. */
export const READ_COMMIT_SETTING = `select current_setting('synchronous_commit') as value`;

export function refuseLooseCommit(value: unknown): void {
  if (DURABLE.includes(String(value))) return;
  throw new UnavailableError(`synchronous_commit is ${value} there; ${MEND}`);
}
