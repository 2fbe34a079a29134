import t from 'tap';
import type { Author } from '../../../src/domain/ports/audit-log.js';
import { PostgresAuditLog } from '../../../src/stores/postgres/audit-log/audit-log-reader.js';
import { insertAuditLine } from '../../../src/stores/postgres/audit-log/audit-rows.js';
import { BOTH } from '../../support/databases.js';
import { TEST_AUTHOR } from '../../support/test-author.js';

t.setTimeout(120_000);

const LINE = {
  ...{ userId: 7, target: null, reason: 'she wrote to us' },
  before: { blocked: null, references: ['web:anna'] },
  after: { blocked: { reason: 'spam', at: '2026-11-22T12:00:00.000Z' }, references: ['web:anna'] },
};

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const database = await (await fresh(t)).open();
    const log = new PostgresAuditLog(database);
    const read = async () => (await log.list({ limit: 10 }))[0];
    const write = (author: Author, work?: () => Promise<never>) =>
      database.transaction(async (tx) => {
        await insertAuditLine(tx, author, LINE);
        await work?.();
      });

    t.test('a write that does not commit leaves no line', async (t) => {
      await t.rejects(write(TEST_AUTHOR, () => Promise.reject(new Error('cut off'))));
      t.equal(await read(), undefined);
    });

    t.test('lines are never updated, deleted or truncated; their words can only be deleted', async (t) => {
      await write(TEST_AUTHOR);
      const before = await read();
      t.match(before, { reason: 'she wrote to us', before: LINE.before, after: LINE.after });
      for (const statement of [
        `update audit_log set action = 'x'`,
        'delete from audit_log',
        'truncate audit_log',
        `update audit_texts set reason = 'x'`,
        'truncate audit_texts',
      ]) {
        await t.rejects(database.query(statement), /only takes inserts/, statement);
      }
      t.strictSame(await read(), before);
    });

    t.test('without its words a line says nothing of a person but the number', async (t) => {
      await database.query('delete from audit_texts where user_id = 7');
      const left = await read();
      t.match(left, { reason: null, before: { blocked: null }, after: { blocked: { at: /^2026/ } } });
      t.notMatch(JSON.stringify([left, await database.query('select * from audit_log')]), /anna|spam|wrote/);
    });
  });
}
