/** kill -9 in the middle of an import, and the same file again: nobody is lost, nobody comes twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { until } from '../../../common/test/support/until.js';
import { answerOf, bodyOf } from '../support/import-lines.js';
import { createEmptyDatabase } from '../support/postgres-template.js';
import { type RunningService, startService } from '../support/start-service.js';
import type { Json } from '../support/test-app.js';

t.setTimeout(10 * 60_000);
const USERS = 4_000;
const PIECE = 250;

const ask = async (service: RunningService, path: string): Promise<string> => {
  const headers = { authorization: `Bearer ${service.adminKey}` };
  return (await fetch(`${service.url}${path}`, { headers })).text();
};
const users = async (service: RunningService): Promise<Json[]> =>
  (await ask(service, '/export/users'))
    .split('\n')
    .slice(0, -1)
    .map((line): Json => JSON.parse(line));

t.test('kill -9 in the middle of an import, and the same file again', async (t) => {
  const settings = { DATABASE_URL: await createEmptyDatabase(t) };
  const lines = Array.from({ length: USERS }, (_, i) => ({
    ...{ user: `telegram:${i}`, tier: 'business', paidUntil: '2090-05-31T00:00:00Z' },
    ...{ tokensBalance: i * 7, tokensSpent: i },
  }));
  /** As slowly as it takes to be met in the middle. */
  async function* slowly() {
    for (let from = 0; from < USERS; from += PIECE) {
      yield Buffer.from(bodyOf(lines.slice(from, from + PIECE)));
      await sleep(100);
    }
  }
  const importInto = async ({ url, adminKey }: RunningService) => {
    const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/x-ndjson' };
    const sent: RequestInit = { method: 'POST', headers, body: slowly() as never };
    const answer = await fetch(`${url}/import/users`, { ...sent, duplex: 'half' } as RequestInit);
    return answerOf(answer.status, await answer.text());
  };
  const first = await startService(t, settings);
  const cut = importInto(first).then(
    () => 'whole',
    () => 'cut off',
  );
  t.ok(await until(async () => (await users(first)).length >= 500));
  await first.kill9();
  t.equal(await cut, 'cut off');
  const second = await startService(t, settings);
  const before = (await users(second)).length;
  t.ok(before >= 500 && before < USERS, `${before} were there`);
  t.equal(before % 100, 0, 'each page whole or not at all');
  const { summary, problems } = await importInto(second);
  t.strictSame(problems, []);
  t.strictSame(summary, { imported: USERS - before, unchanged: before, refused: 0, dryRun: false });
  const sums = (await users(second)).map(({ tokensBalance, tokensSpent }) => [tokensBalance, tokensSpent]);
  t.equal(sums.length, USERS);
  t.strictSame(
    sums.sort(([, a], [, b]) => a - b),
    lines.map((line) => [line.tokensBalance, line.tokensSpent]),
  );
  t.strictSame(JSON.parse(await ask(second, '/audit')).mismatches, []);
});
