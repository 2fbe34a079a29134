/** A request can be found in the log by its own id and by its caller's trace, in one line, where that is asked for. */
import { randomBytes } from 'node:crypto';
import t from 'tap';
import { createLog } from '../../src/create-log.js';
import { testApp } from '../support/test-app.js';

const TRACE = randomBytes(16).toString('hex');
const headers = { 'x-request-id': 'update-17', traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };

t.test('at the level debug each request is one line, with its id and its trace', async (t) => {
  const lines: string[] = [];
  const logger = createLog('debug', { write: (line) => void lines.push(line) });
  const { call } = await testApp(t, { logger });
  for (const [path, about] of [
    ['/users/web:nobody', { route: '/users/:user', status: 404, code: 'unknown-user', msg: 'refused' }],
    ['/tiers', { route: '/tiers', ms: Number, msg: /request$/ }],
  ] as const) {
    lines.length = 0;
    await call('GET', path, { headers });
    // A busy machine may call any of them slow: then a line says that, too, or instead.
    const all = lines.filter((line) => line.includes('update-17'));
    const own = path === '/tiers' ? all : all.filter((line) => !line.includes('slow request'));
    t.equal(own.length, 1, `one line for ${path}: ${own}`);
    t.match(JSON.parse(own[0] ?? '{}'), { reqId: 'update-17', traceId: TRACE, method: 'GET', ...about });
    t.notMatch(own[0], 'nobody', 'it names no user');
  }
  await call('GET', '/livez', { headers: { traceparent: '00-not-a-trace-01' } });
  t.notMatch(lines.at(-1), /traceId|not-a-trace/, 'what is no trace is not repeated');
});

t.test('at the level info a request that went well leaves no line', async (t) => {
  const lines: string[] = [];
  const logger = createLog('info', { write: (line) => void lines.push(line) });
  const { call } = await testApp(t, { logger });
  await call('GET', '/livez', { headers });
  t.same(
    lines.filter((line) => !line.includes('slow request')),
    [],
  );
});
