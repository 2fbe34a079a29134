/** What the start says of where limits are is so at that moment. */
import t from 'tap';
import { freePort } from '../support/free-port.js';
import { startService } from '../support/start-service.js';
import { required } from '../support/test-environment.js';

t.test('with Redis away the start says that limits are in this process, and until when', async (t) => {
  const { url, logs } = await startService(t, { REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
  t.match(logs().stdout, 'limits in this process until Redis answers (REDIS_URL)');
  t.notMatch(logs().stdout, 'limits in Redis');
  t.match(await (await fetch(`${url}/readyz`)).json(), { limits: 'degraded' });
});

t.test('with Redis there, that they are in Redis', async (t) => {
  const { logs } = await startService(t, { REDIS_URL: required('TEST_REDIS_URL') });
  t.match(logs().stdout, /limits in Redis$/m);
});
