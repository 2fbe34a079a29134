/** The program from outside: how it starts, what it survives, how it ends. Embedded defaults throughout. */
import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { until } from '../../../common/test/support/until.js';
import { beginReserve } from '../support/begin-reserve.js';
import {
  failingStart,
  type RunningService,
  startService,
  temporaryFolder,
} from '../support/start-service.js';

// Each start of the embedded database may take many seconds where other tests have the cores.
t.setTimeout(10 * 60_000);

const HOLD = JSON.stringify({ user: 'demo:you', operation: 'chatgpt_message', ttlSeconds: 86_400 });

const reserve = (service: RunningService, key = service.adminKey) =>
  fetch(`${service.url}/tokens/reserve`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
    },
    body: HOLD,
  });

async function reservedNow(service: RunningService): Promise<number> {
  const answer = await fetch(`${service.url}/users/demo:you/balance`, {
    headers: { authorization: `Bearer ${service.adminKey}` },
  });
  return ((await answer.json()) as { reserved: number }).reserved;
}

t.test(
  'the first start prints where it is, its key, and a curl that reserves tokens as it stands',
  async (t) => {
    const DATA_DIR = temporaryFolder(t);
    const service = await startService(t, { DATA_DIR, ADMIN_API_KEY: '' });
    const { stdout } = service.logs();
    t.match(stdout, `${service.url}/docs`);
    const key = /Admin key: (fbx_\S+)/.exec(stdout)?.[1] ?? '';
    t.ok(key, 'the key is printed');
    t.equal(statSync(join(DATA_DIR, 'admin-key')).mode & 0o777, 0o600, 'and kept for its owner alone');
    const curl = stdout.split('\n').find((line) => line.startsWith('curl ')) ?? '';
    const answer = JSON.parse(execFileSync('sh', ['-c', curl], { encoding: 'utf8' })) as { status: string };
    t.equal(answer.status, 'open');
    t.same(await service.stop(), { code: 0, signal: null });

    const again = await startService(t, { DATA_DIR, ADMIN_API_KEY: '' });
    t.notMatch(again.logs().stdout, key, 'the key is shown once');
    t.equal((await reserve(again, key)).status, 201, 'and still opens the door');
  },
);

t.test('a 2xx that was given is there after kill -9', async (t) => {
  const DATA_DIR = temporaryFolder(t);
  const first = await startService(t, { DATA_DIR });
  for (let i = 0; i < 5; i++) t.equal((await reserve(first)).status, 201);
  await first.kill9();
  const second = await startService(t, { DATA_DIR });
  t.equal(await reservedNow(second), 25, 'five holds of five tokens');
  t.same(await second.stop('SIGINT'), { code: 0, signal: null });
});

t.test('a second start on the same embedded data is refused in one clear line', async (t) => {
  const DATA_DIR = temporaryFolder(t);
  const service = await startService(t, { DATA_DIR });
  // Another container on the same volume has another network namespace; not everybody may make one.
  const otherNetwork = spawnSync('unshare', ['-n', 'true']).status === 0 ? [['unshare', '-n']] : [];
  if (otherNetwork.length === 0) t.comment('not tried from another network namespace: not permitted here');
  for (const through of [[], ...otherNetwork]) {
    const { code, stderr } = await failingStart(t, { DATA_DIR }, through);
    t.not(code, 0);
    t.equal(
      stderr,
      `DATA_DIR: another Farebox runs on ${DATA_DIR}; stop it first, or set another DATA_DIR\n`,
    );
  }
  t.equal((await reserve(service)).status, 201, 'the first one goes on');
});

t.test('a bad setting ends the start with one line that names it and keeps its secret', async (t) => {
  const bad = {
    PORT: 'x',
    DATABASE_URL: 'mysql://me:s3cret@db/x',
    ADMIN_API_KEY: 'too-short-s3cret',
    TEST_CLOCK: '1',
  };
  for (const [name, value] of Object.entries(bad)) {
    const { code, stderr } = await failingStart(t, { DATA_DIR: temporaryFolder(t), [name]: value });
    t.not(code, 0, name);
    t.match(stderr, new RegExp(`^${name}: [^\\n]+\\n$`), stderr);
    t.notMatch(stderr, 's3cret');
  }
});

t.test('SIGTERM twice within a moment is one: what is in flight is answered, then it exits 0', async (t) => {
  const service = await startService(t);
  const inFlight = await Promise.all([1, 2, 3].map(() => beginReserve(service)));
  service.process.kill('SIGTERM');
  await sleep(1);
  const ended = service.stop('SIGTERM');
  t.ok(await until(() => takesNobodyNew(service)), 'it has heard the signal');
  for (const finish of inFlight) t.equal(await finish(), 201, 'a request that had begun got its answer');
  t.same(await ended, { code: 0, signal: null });
});

/** Whoever comes now is turned away: the service is ending. */
const takesNobodyNew = ({ url }: RunningService): Promise<boolean> =>
  fetch(`${url}/livez`).then(
    () => false,
    () => true,
  );
