/** What fails or lags for every request alike does not fill the log. */
import { Writable } from 'node:stream';
import { pino } from 'pino';
import t from 'tap';
import { buildApp } from '../../src/app.js';
import { UnavailableError } from '../../src/domain/ports/unavailable-error.js';
import { onceASecond } from '../../src/http/once-a-second.js';
import { ADMIN_KEY, testApp } from '../support/test-app.js';

t.test(
  '300 requests that find the database away at once are told in one line; each has its own at debug',
  async (t) => {
    const { services } = await testApp(t);
    const lines: { level: number; reqId?: string }[] = [];
    const stream = new Writable({
      write: (chunk, _encoding, done) => {
        lines.push(JSON.parse(String(chunk)));
        done();
      },
    });
    services.users.find = async () => {
      throw new UnavailableError('database unavailable');
    };
    const app = await buildApp({ services, logger: pino({ level: 'debug' }, stream) });
    t.teardown(() => app.close());
    const headers = { authorization: `Bearer ${ADMIN_KEY}` };
    const answers = await Promise.all(
      Array.from({ length: 300 }, () => app.inject({ url: '/users/web:a/balance', headers })),
    );
    t.ok(answers.every((answer) => answer.statusCode === 503));
    const warnings = lines.filter(({ level }) => level >= 40).length;
    t.ok(
      warnings >= 1 && warnings < 30,
      `${warnings} warnings: one a second, however long 300 answers take here`,
    );
    const traced = new Set(lines.map(({ reqId }) => reqId));
    t.ok(answers.every((answer) => traced.has(answer.headers['x-request-id'] as string)));
  },
);

t.test('of a flood one a second is told, with the number of those that were not', async (t) => {
  let now = 5_000;
  const tell = onceASecond(() => now);
  t.strictSame([tell(), tell(), tell()], [0, null, null]);
  now += 999;
  t.equal(tell(), null);
  now += 1;
  t.strictSame([tell(), tell()], [3, null]);
  now += 1_000;
  t.equal(tell(), 1);
});
