/** Polling survives everything that can end it; only a refused token is final. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';
import { Farebot } from '../../src/bot.js';
import { readConfig } from '../../src/config.js';
import { createLog } from '../../src/log.js';
import { Poller } from '../../src/telegram/launch.js';
import { FakeTelegram } from '../fake-telegram/fake-telegram.js';
import { Town } from '../support/town.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const silent = createLog([], () => undefined);

t.test('polling goes on after 409, 429 and 502; a wrong token ends it', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone();
  for (const [index, code] of [409, 429, 502].entries()) {
    town.telegram.faults.order({
      method: 'getUpdates',
      kind: 'refuse',
      code,
      description: 'no',
      ...(code === 429 ? { retryAfterSeconds: 1 } : {}),
    });
    ann.says('/terms');
    await town.until(() => town.chat(ann).match(/You buy tokens/g)?.length === index + 1);
  }
  await town.stopBot();
  const config = readConfig(town.env({ TELEGRAM_BOT_TOKEN: '1:wrong-token-of-some-length' }));
  const wrong = await Farebot.create(config, silent, () => undefined);
  await t.rejects(wrong.run(), /Telegram refuses the token: check TELEGRAM_BOT_TOKEN/);
  await wrong.stop();
});

t.test('a poll that says nothing at all is given up on, and the next one asked', async (t) => {
  // A signal that nothing holds is collected with its timer, and then the deadline never comes.
  const collecting = setInterval(collectGarbage, 50);
  t.teardown(() => clearInterval(collecting));
  const telegram = await new FakeTelegram().start();
  t.teardown(() => telegram.stop());
  telegram.faults.order({ method: 'getUpdates', kind: 'hang' });
  const ann = telegram.person(1, 'Ann');
  const heard = new Promise<number>((resolve) => {
    const poller = new Poller({
      token: telegram.token,
      apiRoot: telegram.url,
      accept: async (update) => resolve(update.update_id),
      onStart: () => undefined,
      onLost: (error) => t.fail(String(error)),
      log: silent,
      pollDeadlineMs: 500,
    });
    void poller.run();
    t.teardown(() => poller.stop());
  });
  t.equal(ann.says('anyone there?'), await heard);
});

t.test('an update that could not be written down is reported before it is confirmed', async (t) => {
  const telegram = await new FakeTelegram().start();
  t.teardown(() => telegram.stop());
  const ann = telegram.person(1, 'Ann');
  ann.says('precious');
  const reported = new Promise<unknown>((resolve) => {
    const poller = new Poller({
      token: telegram.token,
      apiRoot: telegram.url,
      accept: async () => {
        throw new Error('disk full');
      },
      onStart: () => undefined,
      // The program ends here, at once.
      onLost: (error) => resolve([String(error), telegram.world.feed.pending]),
      log: silent,
    });
    void poller.run();
    t.teardown(() => poller.stop());
  });
  t.same(await reported, ['Error: disk full', 1], 'and Telegram still has it');
});

t.test('a Telegram that is away at the start is waited for', async (t) => {
  const telegram = await new FakeTelegram().start();
  const port = Number(new URL(telegram.url).port);
  await telegram.stop();
  let started: () => void = () => undefined;
  const up = new Promise<void>((resolve) => {
    started = resolve;
  });
  const lines: string[] = [];
  const log = createLog([], (line) => lines.push(line));
  const onLost = (error: unknown) => t.fail(String(error));
  const accept = async () => undefined;
  const options = { token: telegram.token, apiRoot: `http://127.0.0.1:${port}`, accept, log, onLost };
  const poller = new Poller({ ...options, onStart: () => started() });
  void poller.run();
  while (!lines.some((line) => line.includes('will start again')))
    await new Promise((done) => setTimeout(done, 5));
  const back = await new FakeTelegram().start(port);
  await up;
  poller.stop();
  await back.stop();
});
