import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import type { Person } from '../fake-telegram/person.js';
import { Town } from '../support/town.js';

/** From dist/ back to where the expected chats are kept. */
const EXPECTED = new URL('../../../../bot-client/test/transcripts/', import.meta.url);
const CHANNEL = -1001;
type Act = [string, (person: Person) => unknown];

const says = (text: string): Act => [text, (person) => person.says(text)];
const taps = (label: string): Act => [`taps ${label}`, (person) => person.taps(label)];

/** Someone with 12 tokens goes through all the bot can do: every command and every button. */
const STORY: Act[] = [
  says('/start'),
  ['joins the channel', (person) => person.joins(CHANNEL)],
  taps('joined'),
  says('/help'),
  says('hello there'),
  taps('retry:'),
  taps('new'),
  says('/chat and you?'),
  says('/chat'),
  says('/image a fox in the snow'),
  says('/image'),
  says('a hare in the snow'),
  says('/balance'),
  taps('line:off'),
  says('no line of costs now'),
  says('/balance'),
  taps('line:on'),
  says('/new'),
  says('/cancel'),
  says('/upgrade'),
  taps('buy:tier:professional'),
  taps('buy:pack:pack-500'),
  ['pays', (person) => person.pays()],
  says('/paysupport'),
  says('/terms'),
  says('/forget'),
  taps('retry:'),
  says('/nonsense'),
  says('/grant 1 1000'),
  says('/lang'),
  taps('English'),
];

for (const lang of ['en', 'ru']) {
  t.test(`every command and button, ${lang}`, async (t) => {
    const town = await Town.open(t);
    const person = town.someone(lang, 12);
    const scenes: string[] = [];
    for (const [name, act] of STORY) {
      const seen = await town.scene(person, () => act(person));
      scenes.push(seen.startsWith(person.user.first_name) ? seen : `(${name})\n${seen}`);
    }
    // How far away a date is depends on the month the test runs in.
    const chat = `${scenes.join('\n\n')}\n`.replace(/\b\d+ (days|дн\S+|день)/g, 'N $1');
    const file = new URL(`${lang}.txt`, EXPECTED);
    if (!existsSync(file)) writeFileSync(file, chat);
    t.equal(chat, readFileSync(file, 'utf8'));
    t.same(
      town.lines.filter((line) => line.includes('"error"')),
      [],
    );
  });
}

t.test('an admin grants, looks and refunds; nobody else can', async (t) => {
  const town = await Town.open(t);
  const ann = town.someone('en', 10);
  const admin = town.telegram.person(99, 'Boss');
  await town.scene(ann, () => ann.says('/start'));
  t.match(await town.scene(admin, () => admin.says('/grant')), 'Usage: /grant');
  t.match(
    await town.scene(admin, () => admin.says(`/grant ${ann.id} 40 for patience`)),
    'telegram:100: +40 tokens',
  );
  t.match(
    town.service.requests.findLast((one) => one.path === '/tokens/grant'),
    {
      body: { amount: 40, source: 'promo', reason: 'for patience', metadata: { admin: 'telegram:99' } },
    },
  );
  await town.scene(ann, () => ann.says('/upgrade'));
  await town.scene(ann, () => ann.taps('buy:pack:pack-500'));
  const { chargeId } = await ann.pays();
  await town.quiet();
  t.match(await town.scene(admin, () => admin.says(`/user ${ann.id}`)), String(chargeId));
  t.match(
    await town.scene(admin, () => admin.says(`/refund ${ann.id} nope`)),
    'no payment with that charge id',
  );
  t.match(await town.scene(ann, () => ann.says(`/refund ${ann.id} ${chargeId}`)), 'do not know that command');
  t.match(await town.scene(admin, () => admin.says(`/refund ${ann.id} ${chargeId}`)), 'The Stars went back');
  await town.until(() => town.chat(ann).includes('refunded, and 500 tokens taken back'));
  t.equal(town.telegram.world.charges.get(String(chargeId))?.refunded, true);
  t.equal(town.balance(ann).total, 50);
});
