/** "A new frontend in 20 lines": what docs/bot.md shows is a file that compiles, and it works. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { meteredChat } from '../../examples/metered-chat.js';
import { testService } from '../support/test-service.js';

/** From dist/ back to the sources. */
const ROOT = new URL('../../../../', import.meta.url);

t.test('the page shows the example as it is, and it is 20 lines', (t) => {
  const example = readFileSync(new URL('bot-client/examples/metered-chat.ts', ROOT), 'utf8');
  const page = readFileSync(new URL('docs/bot.md', ROOT), 'utf8');
  t.ok(
    page.includes(`\`\`\`ts\n${example}\`\`\``),
    'docs/bot.md differs from bot-client/examples/metered-chat.ts',
  );
  t.ok(example.trimEnd().split('\n').length <= 20);
  t.end();
});

t.test('against the real service: charged when answered, free when not, and refusals in words', async (t) => {
  const service = await testService();
  await service.give('web:ann', 100);
  let asked = 0;
  const chat = meteredChat(service.url, service.botKey, async (question) => {
    asked++;
    if (question === 'fail') throw new Error('no');
    return `You said ${question}`;
  });
  t.equal(await chat('ann', 'hello'), 'You said hello');
  t.same(await service.balance('web:ann'), { available: 95, reserved: 0, total: 95 });
  t.equal(await chat('ann', 'fail'), 'That did not work, and cost nothing.');
  t.same(await service.balance('web:ann'), { available: 95, reserved: 0, total: 95 });
  t.equal(await chat('nobody', 'hello'), 'You are 5 tokens short.');
  t.equal(asked, 2, 'no work without tokens');
  for (let n = 2; n < 10; n++) await chat('ann', 'more');
  t.equal(await chat('ann', 'too much'), 'Too fast; try again in a moment.');
  t.same(await service.balance('web:ann'), { available: 55, reserved: 0, total: 55 });
  const away = meteredChat('http://127.0.0.1:1', service.botKey, async () => 'never');
  t.equal(await away('ann', 'hello'), 'The token service is away; nothing was charged.');
});
