import t from 'tap';
import { FollowLedger } from '../../src/readers/follow-ledger.js';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { usageRollup } from '../../src/stores/postgres/readers/usage-rollup.js';
import { BOTH } from '../support/databases.js';
import { type TestApp, testApp } from '../support/test-app.js';
import { BYS, bothSums } from './summed-ledger.js';

/** Per engine: how many write at once, and how often all that is compared is compared. */
const SIZE = { postgres: { writers: 64, rounds: 12 }, pglite: { writers: 8, rounds: 4 } };
const OPERATIONS = ['chatgpt_message', 'image_generation'];
const MODELS = [undefined, 'gpt-5', 'claude'];

/** One user's life: grants, holds, charges, refunds, what cannot be collected, corrections. */
async function write({ call }: TestApp, writer: number, isDone: () => boolean): Promise<number> {
  const user = `web:${writer}`;
  let turns = 0;
  for (; !isDone(); turns++) {
    const key = { 'idempotency-key': `turn-${turns}` };
    const source = turns % 5 === 4 ? 'adjustment' : 'promo';
    await call('POST', '/tokens/grant', { body: { user, amount: 20, source, reason: 'test' }, headers: key });
    const operation = OPERATIONS[turns % 2];
    const model = MODELS[(turns + writer) % 3];
    const held = await call('POST', '/tokens/reserve', {
      body: { user, operation, ...(model ? { model } : {}) },
    });
    const { reservationId } = held.body;
    await call('POST', '/tokens/commit', { body: { reservationId, amount: turns % 7 === 0 ? 5_000 : 4 } });
    if (turns % 3 === 0) await call('POST', '/tokens/refund', { body: { reservationId, amount: 2 } });
  }
  return turns;
}

async function differences(database: Database): Promise<string[]> {
  return database.reading(async (tx) => {
    const found: string[] = [];
    for (const by of BYS) {
      const [usage, ledger] = await bothSums(tx, by);
      if (usage.join('\n') !== ledger.join('\n')) found.push(`${by}: ${usage} is not ${ledger}`);
    }
    return found;
  });
}

for (const [kind, open] of Object.entries(BOTH)) {
  const { writers, rounds } = SIZE[kind as keyof typeof SIZE];
  t.test(`${kind}: usage equals the ledger at every instant, while ${writers} write`, async (t) => {
    const store = await open(t);
    const app = await testApp(t, { store });
    const database = await store.open();
    let done = false;
    const writing = Promise.all(
      Array.from({ length: writers }, (_, writer) => write(app, writer, () => done)),
    );
    // Two instances roll up against each other.
    const following = [1, 2].map(async () => {
      const follower = new FollowLedger({ reader: usageRollup(database), onError: () => {} });
      while (!done) {
        await follower.runOnce();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    let compared = 0;
    for (let round = 0; round < rounds; round++) {
      t.strictSame(await differences(database), [], `round ${round}`);
      compared += BYS.length;
    }
    done = true;
    await Promise.all([writing, ...following]);
    const follower = new FollowLedger({ reader: usageRollup(database), onError: () => {} });
    while ((await follower.runOnce()) !== 'all');
    t.strictSame(await differences(database), [], 'when all is rolled up');
    const [left] = await database.query<{ count: number }>(
      `select count(*)::int from entries where id > (select through_id from marks where reader = 'usage')`,
    );
    t.equal(left?.count, 0, `${compared} comparisons, and the mark has come to the end`);
  });
}
