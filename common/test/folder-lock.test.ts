/** The lock of a folder, tried by processes of their own. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { FolderInUseError, lockFolder } from '../src/folder-lock.js';
import { Starter } from './support/starter.js';

t.setTimeout(240_000);

t.test('one process has the folder, under any spelling of its path, until it gives it back', async (t) => {
  const base = t.testdir();
  const folder = join(base, 'made', 'by', 'the', 'lock');
  const release = await lockFolder(folder);
  t.equal(statSync(folder).mode & 0o777, 0o700);
  symlinkSync(folder, join(base, 'another-name'));
  for (const name of [folder, join(folder, '..', 'lock'), join(base, 'another-name')])
    await t.rejects(lockFolder(name), FolderInUseError);
  const other = await Starter.begin(t, folder);
  t.equal(await other.try(), 'refused');
  await release();
  t.same(readdirSync(folder), [], 'nothing is left in it');
  t.equal(await other.try(), 'won');
  await t.rejects(lockFolder(folder), { message: `another process uses the folder ${folder}` });
});

t.test('a folder that was there is closed to others, whatever it was', async (t) => {
  const folder = t.testdir();
  chmodSync(folder, 0o755);
  const release = await lockFolder(folder);
  t.equal(statSync(folder).mode & 0o777, 0o700);
  await release();
});

t.test('kill -9 of the holder frees the folder; one that is stopped or busy still has it', async (t) => {
  const folder = t.testdir();
  const holder = await Starter.begin(t, folder);
  t.equal(await holder.try(), 'won');
  holder.signal('SIGSTOP');
  await t.rejects(lockFolder(folder), FolderInUseError);
  await holder.kill();
  t.equal(readdirSync(folder).length, 1, 'its socket file is still there');
  await (await lockFolder(folder))();
  t.same(readdirSync(folder), [], 'and removed by the next');
});

const mayUnshare = spawnSync('unshare', ['-n', 'true']).status === 0;
t.test('a second start in another network namespace is refused', async (t) => {
  if (!mayUnshare) return t.comment('not tried: `unshare -n` is not permitted here');
  const folder = t.testdir();
  const elsewhere = await Starter.beginElsewhere(t, folder);
  const release = await lockFolder(folder);
  t.equal(await elsewhere.try(), 'refused');
  await release();
  t.equal(await elsewhere.try(), 'won');
  await t.rejects(lockFolder(folder), FolderInUseError);
});

t.test('a path longer than a socket can have', async (t) => {
  const folder = join(t.testdir(), 'long'.repeat(30), 'long'.repeat(30));
  mkdirSync(folder, { recursive: true });
  const holder = await Starter.begin(t, folder);
  t.equal(await holder.try(), 'won');
  await t.rejects(lockFolder(folder), FolderInUseError);
  await holder.kill();
  await (await lockFolder(folder))();
  t.same(readdirSync(folder), []);
});

t.test('of twenty starters at once exactly one wins, fifty times, each after a kill -9', async (t) => {
  const folder = t.testdir();
  const starters = await Promise.all(Array.from({ length: 20 }, () => Starter.begin(t, folder)));
  for (let round = 0; round < 50; round++) {
    // Its start takes longer than a round.
    const next = Starter.begin(t, folder);
    const words = await Promise.all(starters.map((starter) => starter.try()));
    const winner = starters[words.indexOf('won')];
    t.strictSame([...words].sort(), [...Array(19).fill('refused'), 'won'], `round ${round}`);
    if (winner === undefined) return;
    await winner.kill();
    starters[starters.indexOf(winner)] = await next;
  }
});
