/** SIGTERM: the end is announced before it comes, and nobody's request is lost by it. Embedded defaults. */
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { startService } from '../support/start-service.js';

// The embedded database may take many seconds to start where other tests have the cores.
t.setTimeout(5 * 60_000);

async function get(url: string, key: string, agent: Agent): Promise<IncomingMessage> {
  const sent = request(url, { agent, headers: { authorization: `Bearer ${key}` } }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return answer;
}

t.test(
  'while a stop is announced, /readyz is 503 and requests are served, each closing its connection',
  async (t) => {
    const service = await startService(t, { SHUTDOWN_DELAY_MS: '5000' });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    t.teardown(() => agent.destroy());
    const ask = (path: string) => get(`${service.url}${path}`, service.adminKey, agent);
    t.match(await ask('/readyz'), { statusCode: 200, headers: { connection: 'keep-alive' } });
    const ended = once(service.process, 'close');
    service.process.kill('SIGTERM');
    while ((await ask('/readyz')).statusCode !== 503) await sleep(20);
    t.match(await ask('/tiers'), { statusCode: 200, headers: { connection: 'close' } });
    t.match(await ask('/users/demo:you/balance'), { statusCode: 200, headers: { connection: 'close' } });
    t.equal(service.process.exitCode, null, 'it is still there');
    t.same(await ended, [0, null]);
  },
);
