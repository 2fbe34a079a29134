/** The journal is closed when nobody is left who may write to it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Town } from './support/town.js';

const PACK = { title: 'x', description: 'x', payload: 'pack:pack-500', currency: 'XTR', amount: 300 };

t.test('a payment that is being acknowledged at the stop is written down as such', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 0);
  const isThanks = (params: Record<string, unknown>) => String(params.text).includes('Thank you');
  town.telegram.faults.order({ method: 'sendMessage', kind: 'slow', delayMs: 1_500, when: isThanks });
  ann.charged(PACK, true);
  await town.until(() => town.telegram.calls('sendMessage').some((call) => isThanks(call.params)));
  await town.bot?.stop(0);
  t.match(town.chat(ann), 'Thank you', 'the stop waited for it');
  t.same(
    town.lines.filter((line) => /lost|"error"/.test(line)),
    [],
  );
  await town.stopBot();
  await town.startBot();
  await town.quiet();
  t.equal(town.chat(ann).split('Thank you').length - 1, 1, 'thanked once');
});

t.test('payments that arrive at the stop are all on disk, and credited by the next start', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 1);
  await town.scene(ann, () => ann.says('/terms'));
  for (let n = 0; n < 40; n++) ann.charged(PACK, true);
  const journal = join(town.folder, 'journal.jsonl');
  await town.until(() => readFileSync(journal, 'utf8').includes('successful_payment'));
  await town.bot?.stop(0);
  t.same(
    town.lines.filter((line) => /lost|"error"/.test(line)),
    [],
  );
  await town.stopBot();
  await town.startBot();
  await town.until(async () => (await town.balance(ann)).total === 20_001);
  t.equal((await town.balance(ann)).total, 20_001);
});
