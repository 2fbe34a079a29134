/** Updates that were accepted before a restart but not begun, while work that was broken off is not settled yet. */
import t, { type Test } from 'tap';
import type { Person } from './fake-telegram/person.js';
import type { Trouble } from './support/gate.js';
import { Town } from './support/town.js';

/**
 * The bot starts again: `first` was broken off, and the service was away for its refund; `waits` was accepted behind it.
 * The refund of the first then meets `trouble`.
 */
async function restart(
  town: Town,
  first: () => unknown,
  waits: () => unknown,
  trouble: Partial<Trouble> = { kind: 'slow', delayMs: 2_000 },
): Promise<void> {
  const asked = town.ai.requests.length;
  town.ai.onAsked = () => new Promise(() => undefined);
  first();
  await town.until(() => town.ai.requests.length > asked);
  waits();
  await town.until(() => town.telegram.world.feed.pending === 0);
  town.ai.onAsked = async () => undefined;
  town.gate.order({ path: /refund/, kind: 'status', times: 4 });
  await town.stopBot(0);
  town.gate.passed.length = 0;
  town.gate.order({ path: /refund/, kind: 'slow', ...trouble });
  await town.startBot();
}

/** A town in which Ann's old question was left over. */
async function afterRestart(t: Test, trouble?: Partial<Trouble>): Promise<{ town: Town; ann: Person }> {
  const town = await Town.open(t);
  const ann = await town.someone();
  await restart(
    town,
    () => ann.says('the first'),
    () => ann.says('an old question'),
    trouble,
  );
  return { town, ann };
}

t.test('/cancel finds what was left over', async (t) => {
  const { town, ann } = await afterRestart(t);
  ann.says('/cancel');
  await town.shows(ann, 'Cancelled.');
  ann.says('a new question');
  await town.shows(ann, 'You said a new question');
  await town.quiet();
  t.notMatch(town.chat(ann), 'You said an old question');
  t.same(await town.balance(ann), { available: 95, reserved: 0, total: 95 });
});

t.test('nothing new overtakes what was left over', async (t) => {
  const { town, ann } = await afterRestart(t);
  ann.says('a new question');
  await town.shows(ann, 'You said a new question');
  await town.quiet();
  t.match(town.chat(ann), /You said an old question.*You said a new question/s);
  t.same(await town.balance(ann), { available: 90, reserved: 0, total: 90 });
});

t.test('a button whose tap was left over is no second order when it is tapped again', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone();
  await town.scene(ann, () => ann.says('hi'));
  const first = ann.finger('retry:');
  await town.scene(ann, () => ann.says('hi again'));
  const second = ann.finger('retry:');
  await restart(town, first, second);
  second();
  await town.until(() =>
    town.telegram
      .calls('answerCallbackQuery')
      .some((call) => String(call.params.text).includes('I am on it already')),
  );
  await town.quiet();
  t.same(await town.balance(ann), { available: 85, reserved: 0, total: 85 }, 'two messages and one Retry');
});

t.test('what was left over does not wait for a service that hangs', async (t) => {
  const { town, ann } = await afterRestart(t, { kind: 'hang', times: 4 });
  await town.shows(ann, 'You said an old question');
  t.ok(town.gate.calls(/refund/).length < 4, 'the tokens of the first are still being given back');
  town.gate.calm();
  await town.until(async () => (await town.balance(ann)).total === 95);
  await town.until(async () => (await town.balance(ann)).reserved === 0);
});
