/** Tiers and models as rows of the ledger name them, found by the statement itself: for the slow path. */
import { type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../driver/database.js';
import { OTHER_MODEL } from './model-numbers.js';

interface Counted {
  tier: string | null;
  model: string | null;
}

export const countedAs = ({ tier, model }: Counted): { tier: SQL | null; model: SQL | null } => ({
  tier: tier === null ? null : sql`(select number from tiers where id = ${tier})`,
  model: model === null ? null : modelNumber(model),
});

const modelNumber = (name: string): SQL =>
  sql`(select number from models where name in (${name}, ${OTHER_MODEL}) order by name = ${OTHER_MODEL} limit 1)`;

/** The name under which a model is kept. */
export async function modelKept(tx: Pick<Queryable, 'query'>, name: string): Promise<string> {
  const [found] = await tx.query('select from models where name = $1', [name]);
  return found ? name : OTHER_MODEL;
}
