/** What the schema needs so that it can be distributed by user: docs/scaling.md. */
import { readdirSync } from 'node:fs';
import t from 'tap';
import { freshPostgres } from '../../../support/databases.js';
import { projectFile } from '../../../support/project-file.js';

/** Written or read by the hot statements, and what grows with them. */
const HOT = ['accounts', 'reservations', 'entries', 'grants', 'idempotency_keys', 'promo_redemptions'];
/** Rows of one user whose key is another: they answer "whose is this?", once, before anything hot happens. */
const DIRECTORIES = ['payments', 'user_references', 'former_users'];
/** Of users who came from elsewhere: written once, read by the audit. */
const BROUGHT = ['carried'];
/** Written beside the hot path, by readers of the ledger and for them; a part of the ledger has its own. */
const SUMS = ['usage_user_years', 'usage_users', 'event_counts', 'limit_hits', 'refusals'];
const SQL_FOLDER = 'billing-service/src/stores/postgres/ledger/hot';

interface UniqueIndex {
  table: string;
  index: string;
  columns: string[];
}

const UNIQUE_INDEXES = `
  select t.relname as table, i.relname as index,
    array(select a.attname::text from unnest(x.indkey) with ordinality k(attnum, n)
      join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum order by k.n) as columns
  from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
  where x.indisunique and t.relnamespace = 'public'::regnamespace`;

const WITH_USER_ID = `select table_name as table from information_schema.columns
  where table_schema = 'public' and column_name = 'user_id' and is_nullable = 'NO'
    and not (select relispartition from pg_class where oid = format('%I', table_name)::regclass)`;

t.test('every key of a hot table begins with user_id', async (t) => {
  const database = await (await freshPostgres(t)).open();
  const indexes = await database.query<UniqueIndex>(UNIQUE_INDEXES);
  for (const table of HOT) {
    const own = indexes.filter((index) => index.table === table);
    t.ok(own.length > 0, `${table} has a key`);
    for (const { index, columns } of own) t.equal(columns[0], 'user_id', `${index} (${columns})`);
  }
  const owned = await database.query<{ table: string }>(WITH_USER_ID);
  t.same(
    owned.map(({ table }) => table).sort(),
    [...HOT, ...DIRECTORIES, ...SUMS, ...BROUGHT].sort(),
    'and no table was forgotten',
  );
});

t.test('no hot table refers to a table that is not split by user', async (t) => {
  const database = await (await freshPostgres(t)).open();
  const references = await database.query<{ table: string }>(
    `select conrelid::regclass::text as table from pg_constraint where contype = 'f'`,
  );
  t.same(
    references.map(({ table }) => table).filter((table) => HOT.includes(table)),
    [],
  );
});

/** Each use of a hot table in the text, with the innermost parentheses (or the whole) that it stands in. */
function usesOf(sql: string): { use: string; around: string }[] {
  const text = sql.replace(/--.*$/gm, '');
  const found = text.matchAll(new RegExp(`\\b(?:from|join|into|update)\\s+(?:${HOT.join('|')})\\b`, 'g'));
  return [...found].map((match) => ({ use: match[0], around: enclosing(text, match.index) }));
}

function enclosing(text: string, at: number): string {
  let from = at;
  for (let depth = 0; from > 0; from--) {
    if (text[from] === ')') depth += 1;
    if (text[from] === '(' && depth-- === 0) break;
  }
  let to = from + 1;
  for (let depth = 1; to < text.length && depth > 0; to++) {
    if (text[to] === '(') depth += 1;
    if (text[to] === ')') depth -= 1;
  }
  return text.slice(from, to);
}

/** A row is found by its user, or written with them. */
const namesUser = ({ use, around }: { use: string; around: string }): boolean =>
  (use.startsWith('into')
    ? /into\s+\w+\s*\(\s*user_id\b/
    : /\buser_id\s*(=|in\b)|=\s*(\w+\.)?user_id\b|using\s*\(\s*user_id/
  ).test(around);

t.test('every use of a hot table in a hot statement names user_id', async (t) => {
  t.notOk(usesOf('update accounts set reserved = 1 where id = 2').every(namesUser), 'the rule can fail');
  t.notOk(
    usesOf('with a as (select 1 from entries where id = 1) select user_id = 1').every(namesUser),
    'also where user_id stands elsewhere',
  );
  const files = readdirSync(new URL('../../../../src/stores/postgres/ledger/hot', import.meta.url)).filter(
    (file) => file.endsWith('.sql'),
  );
  t.ok(files.length >= 2);
  for (const file of files) {
    const uses = usesOf(projectFile(`${SQL_FOLDER}/${file}`));
    t.ok(uses.length > 0, `${file} uses hot tables`);
    for (const each of uses) t.ok(namesUser(each), `${file}: ${each.use}`);
  }
});
