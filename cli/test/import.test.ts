/** Users of somebody else's table come as they were promised, and what is wrong is told by the line of the file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { temporaryFolder } from '../../billing-service/test/support/start-service.js';
import { csvRows } from '../src/moving/csv-rows.js';
import { runFarebox } from './support/run-farebox.js';
import { startTown } from './support/town.js';

t.setTimeout(300_000);
const town = await startTown(t);
const cwd = temporaryFolder(t);
const here = { url: town.url, key: town.adminKey, cwd };
const REASON = ['--reason', 'moving in'];

const HEADER =
  'telegram_id,username,first_name,tier,tokens_balance,tokens_spent,subscription_expires_at,channel_subscribed_at';
const USUAL = [
  `${HEADER},note`,
  '101,ada,"Ada, Countess",professional,1200,800,2090-03-15 00:00:00,2025-01-01 10:00:00+03,',
  '102,,"Bob ""the builder""",gift,40,60,,,"called\ntwice"',
  '103,eve,Eve,gold,5,0,2090-02-01,\\N,',
  '104,NULL,Dan,gift,,7,2090-01-05,2025-06-01,',
].join('\n');

const balanceOf = (user: string) => town.call<Record<string, unknown>>('GET', `/users/${user}/balance`);

t.test('a dry run of the usual table names the bad line of the file, and writes nothing', async (t) => {
  writeFileSync(join(cwd, 'users.csv'), USUAL);
  const { code, stdout } = await runFarebox(['import', 'users.csv', '--dry-run'], here);
  t.equal(code, 4);
  t.match(stdout, /^line 5, tier: .*gold/);
  t.match(stdout, '3 users would be imported, 1 line refused. Nothing was written.');
  const { items } = await town.call<{ items: unknown[] }>('GET', '/users?search=telegram:10');
  t.same(items, []);
});

t.test('imported, each has the tokens, the tier and the ends that were promised', async (t) => {
  const { code, stdout } = await runFarebox(
    ['import', 'users.csv', '--tiers', 'gold=business', ...REASON],
    here,
  );
  t.same([code, stdout], [0, '4 users imported.\n']);
  const paid = { tier: 'professional', total: 1200, spent: 800, paidUntil: '2090-03-15T00:00:00.000Z' };
  t.match(await balanceOf('telegram:101'), paid);
  t.match(await town.call('GET', '/users/telegram:101'), {
    ...{ username: 'ada', firstName: 'Ada, Countess', channelSubscribedAt: '2025-01-01T07:00:00.000Z' },
  });
  t.match(await balanceOf('telegram:102'), { tier: 'gift', total: 40, spent: 60 });
  t.match(await balanceOf('telegram:103'), { tier: 'business', total: 5 });
  t.match(await balanceOf('telegram:104'), { tier: 'gift', spent: 7 });
});

t.test('the same file again changes nothing', async (t) => {
  const { code, stdout } = await runFarebox(
    ['import', 'users.csv', '--tiers', 'gold=business', ...REASON],
    here,
  );
  t.same([code, stdout], [0, '0 users imported, 4 known already.\n']);
});

t.test('other names of columns, another separator, and what the rows do not say', async (t) => {
  writeFileSync(join(cwd, 'other.csv'), '\ufeffuid;balance;plan;note\r\n7;9;free;x\r\n8;;free;y\r\n');
  const map = [
    '--map',
    'uid=user,balance=tokensBalance,plan=tier',
    '--tiers',
    'free=gift',
    '--provider',
    'web',
  ];
  const { code, stdout } = await runFarebox(
    ['import', 'other.csv', ...map, '--defaults', 'locale=ru,tokensBalance=3', ...REASON],
    here,
  );
  t.same([code, stdout], [0, '2 users imported.\n']);
  t.match(await balanceOf('web:7'), { total: 9 });
  t.match(await balanceOf('web:8'), { total: 3 });
  t.match(await town.call('GET', '/users/web:8'), { locale: 'ru' });
});

t.test('an export of users is an import, in both formats', async (t) => {
  for (const file of ['out.csv', 'out.ndjson']) {
    t.equal((await runFarebox(['export', 'users', '-o', file], here)).code, 0);
    const { code, stdout } = await runFarebox(['import', file, '--dry-run', '--json'], here);
    t.equal(code, 0, stdout);
    t.match(JSON.parse(stdout), { imported: 0, unchanged: 7, refused: 0, dryRun: true });
  }
});

t.test('what is no list of users is refused before anything is done', async (t) => {
  writeFileSync(join(cwd, 'a.csv'), 'name,age\nx,1\n');
  writeFileSync(join(cwd, 'b.csv'), `${HEADER}\n1,"open,gift\n`.padEnd(1_100_000, 'x'));
  writeFileSync(join(cwd, 'c.csv'), Buffer.from([...Buffer.from(`${HEADER}\n1,`), 0xcf, 0xf0]));
  const bad: [string[], RegExp][] = [
    [['a.csv'], /No column names the user; there are: name, age/],
    [['b.csv'], /Line 2 of the file has no end/],
    [['c.csv'], /not UTF-8/],
    [['d.csv'], /cannot be read/],
    [['a.csv', '--map', 'name=userr'], /none of user, references/],
    [['a.csv', '--offset', '3'], /--offset must be like/],
  ];
  for (const [args, words] of bad) {
    const { code, stderr } = await runFarebox(['import', ...args, ...REASON], here);
    t.equal(code, 2, args.join(' '));
    t.match(stderr, words);
  }
});

t.test('a key that may not import is told so', async (t) => {
  const { key } = await town.call<{ key: string }>('POST', '/api-keys', { name: 'x', scopes: ['support'] });
  const { code, stderr } = await runFarebox(['import', 'users.csv', ...REASON], { ...here, key });
  t.equal(code, 1, stderr);
  t.match(stderr, 'insufficient-scope');
});

t.test('cells are the same wherever the file is cut into pieces', async (t) => {
  const text = 'a,"b ""c""\r\nd",\r\n"",x\r\n';
  const rows = [
    { line: 1, cells: ['a', 'b "c"\r\nd', ''] },
    { line: 3, cells: ['', 'x'] },
  ];
  for (let at = 0; at <= text.length; at += 1) {
    const pieces = (async function* () {
      yield text.slice(0, at);
      yield text.slice(at);
    })();
    const read: unknown[] = [];
    for await (const row of csvRows(pieces)) read.push(row);
    t.same(read, rows, `cut at ${at}`);
  }
});
