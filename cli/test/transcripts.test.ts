/**
 * Every command as a person sees it, in one sitting: transcripts.txt. After a change delete that file, run this, and read
 * what it wrote before you keep it: would you enjoy it?
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { temporaryFolder } from '../../billing-service/test/support/start-service.js';
import { COMMANDS } from '../src/commands.js';
import { runFarebox } from './support/run-farebox.js';
import { peopleIt, startTown } from './support/town.js';

t.setTimeout(300_000);

const FILE = fileURLToPath(new URL('../../../cli/test/transcripts.txt', import.meta.url));

/** What is typed; `$KEY` and `$HOOK` are ids that an earlier line printed. */
const SITTING = [
  ['user', 'web:ada'],
  ['users', 'ada'],
  ['users', 'nobody-like-this'],
  ['balance', 'telegram:1815'],
  ['entries', 'web:ada', '--limit', '3'],
  ['holds', 'web:ada'],
  ['grant', 'web:ada', '1,000', '--reason', 'sorry for the wait'],
  ['grant', 'web:ada', '-50', '--reason', 'sent twice'],
  ['tier', 'web:bob', 'business', '--months', '3', '--reason', 'a partner'],
  ['block', 'web:bob', '--reason', 'sent spam'],
  ['users', '--blocked'],
  ['user', 'web:bob'],
  ['unblock', 'web:bob', '--reason', 'it was a mistake'],
  [
    'overrides',
    'web:ada',
    '--policies',
    '*:500/60s,image_generation:30/1d',
    '--overdraft',
    '50',
    '--reason',
    'a partner',
  ],
  ['overrides', 'web:ada', '--clear', '--reason', 'it is over'],
  ['payments'],
  ['payments', 'list', '--user', 'web:ada', '--provider', 'bank'],
  ['payments', 'summary', '--by', 'product'],
  ['payments', 'refund', 'telegram_stars', 'charge-7', '--reason', 'asked within a day'],
  ['usage', '--by', 'operation,model'],
  ['usage', '--by', 'user', '--limit', '1'],
  ['refusals', '--from', '1d'],
  ['events', '--types', 'payment.applied,user.blocked'],
  ['audit'],
  ['audit-log', '--limit', '9'],
  ['export', 'users', '--format', 'csv'],
  ['import', 'users.csv', '--dry-run'],
  ['keys', 'create', 'web app', '--scopes', 'limits,tokens', '--reason', 'the new frontend'],
  ['keys'],
  ['keys', 'rotate', '$KEY', '--grace', '60', '--reason', 'it leaked'],
  ['keys', 'revoke', '$KEY', '--reason', 'it leaked'],
  ['webhooks', 'create', 'https://example.com/farebox', '--types', 'tokens.low,tokens.exhausted'],
  ['webhooks'],
  ['webhooks', 'disable', '$HOOK'],
  ['webhooks', 'enable', '$HOOK'],
  ['webhooks', 'rotate-secret', '$HOOK'],
  ['webhooks', 'resend', '$HOOK', '--since', '1d'],
  ['webhooks', 'deliveries', '$HOOK'],
  ['webhooks', 'delete', '$HOOK'],
  ['doctor'],
  ['help', 'grant'],
  ['help', 'keys'],
  ['user', 'web:nobody'],
  ['grant', 'web:ada', 'lots', '--reason', 'x'],
  ['grant', 'web:ada'],
  ['grant', 'web:ada', '5'],
  ['keys', 'revok', 'x'],
  ['balnce', 'web:ada'],
  ['usage', '--form', '7d'],
];

/** Sent to the world outside, of no use to read, or in codes.test.ts. */
const ELSEWHERE = [
  'webhooks test',
  'webhooks resend-delivery',
  'completion',
  'help',
  'codes list',
  'codes create',
  'codes delete',
];

/** Keeps the width of what differs each time, and so the columns. */
const steady = (text: string): string =>
  text
    .replaceAll('\r', '')
    .replace(/\d{4}-\d\d-\d\d(?=[ T]\d\d:\d\d)/g, '2026-11-28')
    .replace(/(?<=\d[ T])\d\d:\d\d(:\d\d(\.\d+)?)?/g, (time) => '12:00:00.000'.slice(0, time.length))
    .replace(/\b(fbx|key|rsv|whk|whsec|grt)_[\w+/=-]+/g, (id) =>
      id.replace(/(?<=_).*/, (rest) => 'x'.repeat(rest.length)),
    )
    .replace(/(?<=request )[\w-]+/g, 'xxxxxxxx-1')
    .replace(/(?<=--(cursor|after) )\S+/g, 'xxxxxxxx')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:3000')
    .replace(/in \d+ ms/g, 'in 5 ms')
    .replace(/Node [\d.]+/g, 'Node 20.20.2');

t.test('each command says what transcripts.txt shows', async (t) => {
  const town = await startTown(t);
  await peopleIt(town);
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'users.csv'), 'telegram_id,tier,tokens_balance\n7,gift,40\n8,gold,5\n');
  const ids: Record<string, string> = {};
  const typed = new Set<string>();
  let said = '';
  for (const line of SITTING) {
    const args = line.map((word) => ids[word] ?? word);
    const { code, stdout, stderr } = await runFarebox(args, { url: town.url, key: town.adminKey, cwd });
    t.notMatch(stdout + stderr, town.adminKey, 'the key is never told');
    t.notMatch(stderr, /\n\s+at /, 'no stack is shown');
    const printed = stdout + stderr;
    ids.$KEY ??= /key_\w+(?= “web app”)/.exec(printed)?.[0] as string;
    ids.$HOOK ??= /whk_\w+/.exec(printed)?.[0] as string;
    const shown = line.map((word) => (/[\s*]/.test(word) ? `"${word}"` : word)).join(' ');
    said += `$ farebox ${shown}\n${steady(stdout)}${steady(stderr).replace(/^/gm, '| ').replace(/\| $/, '')}${code ? `(ends with ${code})\n` : ''}\n`;
    for (const { name } of COMMANDS)
      if (line.join(' ').startsWith(name) || `${line[0]} list` === name) typed.add(name);
  }
  t.same(
    COMMANDS.map(({ name }) => name).filter((name) => !typed.has(name) && !ELSEWHERE.includes(name)),
    [],
    'all were typed',
  );
  if (!existsSync(FILE)) {
    writeFileSync(FILE, said);
    t.fail(`${FILE} was written: read it, then run this again`);
  }
  t.equal(said, readFileSync(FILE, 'utf8'));
});
