import pg from 'pg';
import { optional, required, type Teardown } from './test-environment.js';

export interface Session {
  /** Locks the user's account row and keeps it. */
  hold(reference: string): Promise<void>;
  /** Lets go of all it holds. */
  release(): Promise<void>;
  query<R>(text: string, values?: unknown[]): Promise<R[]>;
}

/** Somebody's psql on the database of `url`, past any pooler. */
export async function openSession(t: Teardown, url: string): Promise<Session> {
  const direct = new URL(url);
  if (optional('TEST_ALL_POOLED')) {
    const server = new URL(required('TEST_DATABASE_URL'));
    for (const part of ['host', 'username', 'password'] as const) direct[part] = server[part];
  }
  const client = new pg.Client({ connectionString: direct.href });
  await client.connect();
  t.teardown(() => client.end());
  const query = async <R>(text: string, values: unknown[] = []) =>
    (await client.query(text, values)).rows as R[];
  let isOpen = false;
  return {
    query,
    hold: async (reference) => {
      if (!isOpen) await query('begin');
      isOpen = true;
      await query(
        'select from accounts where user_id = (select user_id from user_references where reference = $1) for update',
        [reference],
      );
    },
    release: async () => {
      isOpen = false;
      await query('commit');
    },
  };
}
