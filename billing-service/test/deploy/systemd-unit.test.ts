/** deploy/farebox.service is one that systemd takes, starts what the build makes, and stops it in good time. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { projectFile } from '../support/project-file.js';
import { temporaryFolder } from '../support/start-service.js';
import { required, whereFound } from '../support/test-environment.js';

const UNIT = projectFile('deploy/farebox.service');
const settingOf = (text: string, name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? '';

function complaints(t: { teardown(fn: () => Promise<void>): unknown }, text: string): string {
  const file = join(temporaryFolder(t), 'farebox.service');
  writeFileSync(file, text.replace('/usr/bin/node', process.execPath));
  // It complains in words, and ends with 0 all the same.
  const { stdout, stderr } = spawnSync(required('TEST_SYSTEMD_ANALYZE'), ['verify', file], {
    encoding: 'utf8',
  });
  return stdout + stderr;
}

t.test('it starts the program that the build makes', async (t) => {
  t.match(settingOf(UNIT, 'ExecStart'), / dist\/billing-service\/src\/server\.js$/);
  const longest = 10 + 60;
  t.ok(
    Number(settingOf(UNIT, 'TimeoutStopSec')) >= longest,
    'the longest SHUTDOWN_DELAY_MS and what is in flight',
  );
});

t.test('systemd takes it', whereFound('TEST_SYSTEMD_ANALYZE', 'systemd-analyze'), async (t) => {
  t.match(
    complaints(t, UNIT.replace('[Service]', '[Service]\nType=nonsense')),
    /nonsense/,
    'it would say so',
  );
  t.notMatch(complaints(t, UNIT), /farebox\.service/, 'nothing to complain of');
});
