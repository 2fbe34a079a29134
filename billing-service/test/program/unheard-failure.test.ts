import { once } from 'node:events';
import t from 'tap';
import { startService } from '../support/start-service.js';

// The embedded database may take many seconds to start where other tests have the cores.
t.setTimeout(5 * 60_000);

/** Loaded ahead of the program: a signal becomes a rejection that nobody waits for. */
const FAIL_ON_SIGNAL = encodeURIComponent(
  `process.on('SIGUSR2', () => { Promise.reject(new Error('nobody hears me')); });`,
);

t.test('a failure that nothing caught ends the program with one line in the log', async (t) => {
  const service = await startService(t, { NODE_OPTIONS: `--import=data:text/javascript,${FAIL_ON_SIGNAL}` });
  const ended = once(service.process, 'close');
  service.process.kill('SIGUSR2');
  t.same(await ended, [1, null]);
  const [line = '', ...rest] = service.logs().stderr.trim().split('\n');
  t.same(rest, []);
  t.match(JSON.parse(line), { level: 60, err: { message: 'nobody hears me' } });
});
