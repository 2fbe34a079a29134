/** A disk that fails at any step: what was acknowledged is on it, every failure is heard, and nothing stays open. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { AppendLog } from '../../src/journal/append-log.js';
import { FailingFiles } from '../support/failing-files.js';

const disk = new FailingFiles().install();
t.teardown(() => disk.remove());

/** Appends past the bound several times while `step` fails, once or always, and then a little on a well disk. */
async function run(t: Test, step: (folder: string) => string, times: number) {
  const folder = t.testdir();
  const path = join(folder, 'log.jsonl');
  const live: number[] = [];
  const heard: unknown[] = [];
  const onFailure = (error: unknown) => heard.push(error);
  const log = await AppendLog.open<number>(
    path,
    () => undefined,
    () => [...live],
    { compactAtBytes: 30, onFailure },
  );
  const acknowledged: number[] = [];
  let refused = 0;
  let failures = 0;
  const failing = step(folder.split('/').at(-1) ?? '');
  disk.fails = (one) => one === failing && ++failures <= times;
  for (let n = 1; n <= 40; n++) {
    if (n === 30) disk.fails = () => false;
    live.push(1_000_000 + n);
    await log.append(1_000_000 + n).then(
      () => acknowledged.push(1_000_000 + n),
      () => refused++,
    );
    const onDisk = readFileSync(path, 'utf8').trim().split('\n').map(Number);
    const lost = acknowledged.filter((line) => !onDisk.includes(line));
    t.same(lost, [], `acknowledged and on disk, after ${n} lines`);
  }
  await log.close();
  t.ok(failures > 0, 'the step was reached');
  t.ok(heard.length + refused > 0, 'heard');
  t.equal(disk.left, 0, 'nothing is left open');
  const again: number[] = [];
  await (
    await AppendLog.open<number>(
      path,
      (line) => again.push(line),
      () => again,
    )
  ).close();
  t.same(
    acknowledged.filter((line) => !again.includes(line)),
    [],
    'and there for the next start',
  );
}

const STEPS: [string, (folder: string) => string][] = [
  ['the new file cannot be opened', () => 'open log.jsonl.new'],
  ['the new file cannot be synced', () => 'sync log.jsonl.new'],
  ['the new file cannot be renamed', () => 'rename log.jsonl.new'],
  ['the folder cannot be opened', (folder) => `open ${folder}`],
  ['the folder cannot be synced', (folder) => `sync ${folder}`],
  // The file in use is the one that was written as new and renamed.
  ['a line, or the new file, is written by half', () => 'appendFile log.jsonl.new'],
  ['a line cannot be synced', () => 'datasync log.jsonl.new'],
];
for (const [name, step] of STEPS)
  for (const [often, times] of [
    ['once', 1],
    ['for a while', 1_000],
  ] as const)
    t.test(`${name}, ${often}`, (t) => run(t, step, times));
