import type { Database } from '../../src/stores/postgres/driver/database.js';

/** All rows of all tables whose text has `word` in it, as `table: row`: what a dump of the database would show. */
export async function rowsWith(database: Pick<Database, 'query'>, word: string): Promise<string[]> {
  const tables = await database.query<{ name: string }>(
    `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await database.query<{ row: string }>(
      `select t::text as row from ${name} t where t::text ilike '%' || $1 || '%'`,
      [word],
    );
    found.push(...rows.map(({ row }) => `${name}: ${row}`));
  }
  return found;
}
