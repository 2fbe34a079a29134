/** What a payer was promised is what they get: decided on what the service sells now, never on what it sold once. */
import t from 'tap';
import { Town } from '../support/town.js';

const realNow = Date.now;
t.afterEach(() => {
  Date.now = realNow;
});
/** The catalogue is asked for anew when it is 30 s old. */
function later(): void {
  Date.now = () => realNow() + 31_000;
}

t.test('an invoice whose price or content has changed since is declined', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 0);
  const pack = (tokens: number, amount: number) =>
    town.service.admin.put('/packs/pack-500', {
      name: '500 tokens',
      tokens,
      prices: [{ currency: 'XTR', amount }],
    });
  t.teardown(() => pack(500, 300));
  await town.scene(ann, () => ann.says('/upgrade'));
  await town.scene(ann, () => ann.taps('buy:pack:pack-500'));
  await pack(400, 300);
  later();
  t.match(await ann.pays(), { ok: false, error: /What is in it has changed/ });
  Date.now = () => realNow() + 62_000;
  await pack(500, 310);
  t.match(await ann.pays(), { ok: false, error: /price has changed/ });
  Date.now = () => realNow() + 93_000;
  await pack(500, 300);
  t.match(await ann.pays(), { ok: true });
  await town.shows(ann, 'Thank you! 500 tokens added.');
});

t.test('where the service cannot be asked, an old answer sells nothing', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 0);
  await town.scene(ann, () => ann.says('/upgrade'));
  await town.scene(ann, () => ann.taps('buy:pack:pack-500'));
  later();
  town.gate.order({ path: /tiers|packs|operations/, kind: 'hang', times: 30 });
  t.match(await ann.pays(), { ok: false, error: /closed for a moment. You were not charged/ });
  town.gate.calm();
  t.match(await ann.pays(), { ok: true });
});
