import type { Database } from '../driver/database.js';
import { LockedError } from '../driver/failure.js';
import { statementText } from './statement-text.js';

export interface HotRows<Row> {
  rows: Row[];
  /** Accounts that somebody else held were left out. */
  leftOut: boolean;
}

export type HotStatement<Row> = (values: readonly unknown[]) => Promise<HotRows<Row>>;

/**
 * hot/<file>.sql. It waits no longer for a row than it says itself, so that one account held elsewhere (a frozen
 * instance, somebody's psql) does not stop its neighbours: then it goes once more and leaves out what is held. Not at
 * once so, for most who hold a row are gone within a millisecond, and waiting for them keeps the order of arrival.
 */
export function hotStatement<Row>(database: Database, name: string, file: string): HotStatement<Row> {
  const text = statementText(file);
  const aroundLocks = text.replaceAll(/\bfor update\b/g, 'for update skip locked');
  return async (values) => {
    try {
      return { rows: await database.hot<Row>(name, text, values), leftOut: false };
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
      return { rows: await database.hot<Row>(`${name}_around`, aroundLocks, values), leftOut: true };
    }
  };
}
