import { Writable } from 'node:stream';
import { pino } from 'pino';
import t from 'tap';
import { testApp } from '../support/test-app.js';

t.test(
  'a refused request leaves one line at debug that its requestId leads to, and no text of its own',
  async (t) => {
    const lines: string[] = [];
    const stream = new Writable({
      write(line, _encoding, done) {
        // A busy machine may also call a request slow.
        if (String(line).includes('"msg":"refused"')) lines.push(String(line));
        done();
      },
    });
    const { call } = await testApp(t, { logger: pino({ level: 'debug' }, stream) });
    const refused = [
      await call('POST', '/tokens/reserve', { body: { user: 'web:s3cret', operation: 'chatgpt_message' } }),
      await call('POST', '/tokens/reserve', { body: { user: 'web:s3cret', operation: 's3cret' } }),
      await call('POST', '/tokens/reserve', { body: { s3cret: 1 } }),
      await call('GET', '/users/web:s3cret/balance', { key: 's3cret' }),
      await call('GET', '/s3cret'),
    ];
    for (const { status, body } of refused) {
      const about = lines.filter((line) => line.includes(`"${body.requestId}"`));
      t.equal(about.length, 1, `${status} ${body.code}: ${about}`);
      t.match(JSON.parse(about[0] as string), { level: 20, status, code: body.code, method: /GET|POST/ });
    }
    t.notMatch(lines.join(''), /s3cret/);
    t.equal((await call('GET', '/tiers')).status, 200);
    t.equal(lines.length, refused.length, 'what goes well leaves none');
  },
);
