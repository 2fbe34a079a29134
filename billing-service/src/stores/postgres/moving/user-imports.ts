import type { Author } from '../../../domain/ports/audit-log.js';
import type { Brought, Named, NewUser, UserImports } from '../../../domain/ports/user-imports.js';
import { insertAuditLine } from '../audit-log/audit-rows.js';
import { textArray } from '../driver/array-literal.js';
import type { Database, Queryable } from '../driver/database.js';
import { asFailure, errorCode, LockedError } from '../driver/failure.js';
import { keptOrUndone } from '../ledger/kept-or-undone.js';
import { drawNumbers, insertUsers, type Numbered } from './new-user-rows.js';

/** Each is lost to somebody who made one of these users a moment ago, or stands still while at it. */
const MAX_TRIES = 6;
const UNIQUE_VIOLATION = '23505';

/** Somebody made one of them since we looked: the next look finds it. */
class LostRaceError extends Error {}

export class PostgresUserImports implements UserImports {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async bring<L extends Named>(
    wanted: readonly L[],
    make: (line: L, userId: number) => NewUser,
    { dryRun }: { dryRun: boolean },
  ): Promise<Brought[]> {
    const rehearsal = dryRun ? {} : undefined;
    for (let tries = 1; ; tries++) {
      try {
        return await keptOrUndone(this.#database, (tx) => bringOnce(tx, wanted, make), { rehearsal });
      } catch (error) {
        const isRace =
          error instanceof LostRaceError ||
          error instanceof LockedError ||
          errorCode(error) === UNIQUE_VIOLATION;
        if (!isRace || tries >= MAX_TRIES) throw asFailure(error);
      }
    }
  }

  note(author: Author, after: object): Promise<void> {
    const change = { target: null, reason: null, before: null, after, userId: null };
    return this.#database.transaction((tx) => insertAuditLine(tx, author, change));
  }
}

const KNOWN = `select reference, user_id as "userId" from user_references where reference = any($1::text[])`;

async function bringOnce<L extends Named>(
  tx: Queryable,
  wanted: readonly L[],
  make: (line: L, userId: number) => NewUser,
): Promise<Brought[]> {
  const names = wanted.flatMap(({ references }) => references);
  const rows = await tx.query<{ reference: string; userId: number }>(KNOWN, [textArray(names)]);
  const known = new Map(rows.map(({ reference, userId }) => [reference, userId]));
  const brought = wanted.map(({ references }) => statusOf(references, known));
  const fresh = wanted.filter((_, i) => brought[i]?.status === 'imported');
  if (fresh.length === 0) return brought;
  const numbers = await drawNumbers(tx, fresh.length);
  // Made before their names are taken, for whoever needs one of these waits from then on.
  const users = fresh.map((line, i) => {
    const userId = numbers[i] as number;
    return { userId, references: line.references, ...make(line, userId) };
  });
  await claim(tx, users);
  await insertUsers(tx, users);
  return brought;
}

function statusOf(references: readonly string[], known: ReadonlyMap<string, number>): Brought {
  const owner = known.get(references[0] as string);
  const taken = references.find((reference) => known.has(reference) && known.get(reference) !== owner);
  if (taken !== undefined) return { status: 'taken', reference: taken };
  return { status: owner === undefined ? 'imported' : 'unchanged' };
}

/** In the order in which all who make users take names, so that none of them waits for another in a circle. */
const CLAIM = `insert into user_references (reference, user_id, created_at)
  select reference, user_id, created_at
  from unnest($1::text[], $2::bigint[], $3::timestamptz[]) as wanted(reference, user_id, created_at)
  order by reference collate "C"
  on conflict (reference) do nothing returning 1`;

/** A user's oldest name is the one with the earliest time. */
async function claim(tx: Queryable, users: readonly Numbered[]): Promise<void> {
  const names = users.flatMap(({ userId, references, createdAt }) =>
    references.map((reference, i) => ({ reference, userId, at: new Date(createdAt + i).toISOString() })),
  );
  const taken = await tx.query(CLAIM, [
    textArray(names.map(({ reference }) => reference)),
    `{${names.map(({ userId }) => userId).join(',')}}`,
    `{${names.map(({ at }) => at).join(',')}}`,
  ]);
  if (taken.length < names.length) throw new LostRaceError('one of these users was made just now');
}
