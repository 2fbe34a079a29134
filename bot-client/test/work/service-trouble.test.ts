/** The service away, slow or refusing: what the user reads, and that nothing is charged for it. */
import t from 'tap';
import type { Person } from '../fake-telegram/person.js';
import { Town, userOf } from '../support/town.js';

const AWAY = /cannot reach the token service.*Nothing was charged; please try again in a minute/s;

/** Each has a town of its own and mostly waits. */
t.jobs = 4;
const BESIDE = { buffered: true };

t.test(
  'the service down (503, or no connection): the user is told, and Retry works when it is back',
  async (t) => {
    const town = await Town.open(t);
    const ann = await town.someone('en', 20);
    await town.scene(ann, () => ann.says('/help'));
    for (const kind of ['status', 'cut'] as const) {
      town.gate.order({ path: /reserve/, kind, times: 4 });
      t.match(await town.scene(ann, () => ann.says(`hi ${kind}`)), AWAY);
      town.gate.order({ path: /balance/, kind, times: 4 });
      t.match(await town.scene(ann, () => ann.says('/balance')), AWAY);
      t.match(await town.scene(ann, () => ann.taps('retry:')), `You said hi ${kind}`);
    }
    const lost = town.gate.calls(/reserve/).filter((call) => call.status === undefined);
    t.equal(new Set(lost.map((call) => call.key)).size, 2, 'one key for all tries of a call');
    t.same(await town.balance(ann), { available: 10, reserved: 0, total: 10 });
  },
);

t.test('the service away in Russian', BESIDE, async (t) => {
  const town = await Town.open(t);
  const anya = await town.someone('ru', 20);
  town.gate.order({ path: /reserve/, kind: 'status', times: 4 });
  t.match(
    await town.scene(anya, () => anya.says('привет')),
    /Сейчас не могу связаться со службой токенов.*Плата не взята/s,
  );
});

t.test('a slow service is waited for, and "typing" stays meanwhile', BESIDE, async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 20);
  // One try may take three seconds; this is longer than "typing" lasts between two renewals.
  town.gate.order({ path: /reserve/, kind: 'slow', delayMs: 2_000 });
  town.gate.order({ path: /commit/, kind: 'slow', delayMs: 2_500 });
  t.match(await town.scene(ann, () => ann.says('hi')), 'You said hi');
  t.ok(town.telegram.world.actions.filter((one) => one.chatId === ann.id).length >= 2, 'renewed');
  t.same(await town.balance(ann), { available: 15, reserved: 0, total: 15 });
});

t.test(
  'a service that never answers is given up on: told, and what it held comes back',
  BESIDE,
  async (t) => {
    const town = await Town.open(t);
    const ann = await town.someone('en', 20);
    // Done, but never answered: the bot cannot know, and finds the hold by its key when the service speaks again.
    const reached = town.gate.hold(/reserve/, 'after');
    town.gate.order({ path: /reserve/, kind: 'hang', times: 3 });
    ann.says('hi');
    await reached;
    t.equal((await town.balance(ann)).reserved, 5, 'the service holds tokens the bot does not know of');
    await town.shows(ann, AWAY);
    await town.quiet();
    t.same(await town.balance(ann), { available: 20, reserved: 0, total: 20 });
    t.equal(town.chat(ann).match(/^BOT:/gm)?.length, 1, 'nothing was gone, so nothing more is said');
  },
);

t.test(
  'a service away when failed work is to be given back: it is, later, and the user is told',
  async (t) => {
    const town = await Town.open(t);
    const ann = await town.someone('en', 20);
    town.ai.status = 500;
    town.gate.order({ path: /refund/, kind: 'status', times: 4 });
    ann.says('hi');
    await town.shows(ann, 'It costs you nothing: the tokens held for it come back by themselves');
    await town.shows(ann, '5 tokens of a request that failed came back. You have 20 now.');
    t.same(await town.balance(ann), { available: 20, reserved: 0, total: 20 });
  },
);

t.test('402: how much is short, what one tap would buy, and the request is kept', BESIDE, async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 2);
  const poor = await town.scene(ann, () => ann.says('too much'));
  t.match(poor, 'This takes 5 tokens and you have 2: 3 short.');
  t.match(poor, 'I keep your request and offer it again');
  t.match(poor, '[500 tokens · ⭐ 300]');
  t.match(poor, '[⭐ Plans and packs]');
  t.same(await town.balance(ann), { available: 2, reserved: 0, total: 2 });
});

t.test('429: which limit, when the next one is free, and the request is kept', BESIDE, async (t) => {
  const town = await Town.open(t);
  const anya = await town.someone('ru', 1000);
  for (let n = 0; n < 10; n++) anya.says(`${n}`);
  await town.quiet();
  const refused = await town.scene(anya, () => anya.says('одиннадцатый'));
  t.match(refused, /Ваш тариф позволяет 10 запросов в минуту. Следующий — через (\d+ секунд|1 минуту)/);
  t.match(refused, '[▶️ Отправить снова: одиннадцатый]');
  t.equal((await town.balance(anya)).total, 950);
});

t.test('who is blocked reads so, is charged nothing, and is served again when let in', BESIDE, async (t) => {
  const town = await Town.open(t);
  const [ann, anya] = [await town.someone('en', 20), await town.someone('ru', 20)];
  const path = (person: Person) => `/users/${userOf(person)}/block`;
  await town.service.admin.put(path(ann), { blocked: true, reason: 'sells prompts' });
  await town.service.admin.put(path(anya), { blocked: true, reason: 'sells prompts' });
  const told = await town.scene(ann, () => ann.says('hi'));
  t.match(told, /stopped by the operator. Nothing was charged; \/paysupport/);
  t.notMatch(told, 'sells prompts', 'the reason is for operators');
  t.match(await town.scene(anya, () => anya.says('привет')), /Оператор остановил ваш доступ.*\/paysupport/);
  t.same(await town.balance(ann), { available: 20, reserved: 0, total: 20 });
  await town.service.admin.put(path(ann), { blocked: false });
  t.match(await town.scene(ann, () => ann.says('hi')), 'You said hi');
});
