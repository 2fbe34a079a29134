/** What was accepted and not begun before a restart, while what was broken off is not settled yet. */
import t from 'tap';
import type { Person } from './fake-telegram/person.js';
import { Town } from './support/town.js';

/** The first is broken off, and its refund finds no service; `waits` is accepted behind it. Then the bot starts again. */
async function restart(town: Town, first: () => unknown, waits: () => unknown): Promise<void> {
  const asked = town.ai.requests.length;
  town.ai.onAsked = () => new Promise(() => undefined);
  first();
  await town.until(() => town.ai.requests.length > asked);
  waits();
  await town.until(() => town.telegram.world.feed.pending === 0);
  town.ai.onAsked = async () => undefined;
  town.gate.order({ path: /refund/, kind: 'status', times: 4 });
  await town.stopBot(0);
}

/** A Retry button of its own, for each of so many messages. */
async function retryButtons(town: Town, person: Person, count: number): Promise<(() => number)[]> {
  const taps: (() => number)[] = [];
  for (let i = 0; i < count; i++) {
    await town.scene(person, () => person.says(`hi ${i}`));
    const message = town.telegram.world.messages.get(person.id)?.at(-1)?.message;
    const button = message?.reply_markup?.inline_keyboard?.flat().find((one) => one.text.includes('Retry'));
    if (message === undefined || button === undefined) throw new Error('no Retry');
    taps.push(() => person.tapButton(message, button));
  }
  return taps;
}

t.test('/cancel finds what was left over', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone();
  await restart(
    town,
    () => ann.says('the first'),
    () => ann.says('an old question'),
  );
  town.gate.order({ path: /refund/, kind: 'slow', delayMs: 2_000 });
  await town.startBot();
  ann.says('/cancel');
  await town.shows(ann, 'Cancelled.');
  ann.says('a new question');
  await town.shows(ann, 'You said a new question');
  await town.quiet();
  t.notMatch(town.chat(ann), 'You said an old question');
  t.same(await town.balance(ann), { available: 95, reserved: 0, total: 95 });
});

t.test('nothing new overtakes what was left over', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone();
  await restart(
    town,
    () => ann.says('the first'),
    () => ann.says('an old question'),
  );
  town.gate.order({ path: /refund/, kind: 'slow', delayMs: 2_000 });
  await town.startBot();
  ann.says('a new question');
  await town.shows(ann, 'You said a new question');
  await town.quiet();
  t.match(town.chat(ann), /You said an old question.*You said a new question/s);
  t.same(await town.balance(ann), { available: 90, reserved: 0, total: 90 });
});

t.test('a button whose tap was left over is no second order when it is tapped again', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone();
  const [first, second] = (await retryButtons(town, ann, 2)) as [() => number, () => number];
  await restart(town, first, second);
  town.gate.order({ path: /refund/, kind: 'slow', delayMs: 2_000 });
  await town.startBot();
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
  const town = await Town.open(t);
  const ann = await town.someone();
  await restart(
    town,
    () => ann.says('the first'),
    () => ann.says('an old question'),
  );
  const before = town.gate.calls(/refund/).length;
  town.gate.order({ path: /refund/, kind: 'hang', times: 4 });
  await town.startBot();
  await town.shows(ann, 'You said an old question');
  t.ok(town.gate.calls(/refund/).length < before + 4, 'the tokens of the first are still being given back');
  town.gate.calm();
  await town.until(async () => (await town.balance(ann)).total === 95);
  await town.until(async () => (await town.balance(ann)).reserved === 0);
});
