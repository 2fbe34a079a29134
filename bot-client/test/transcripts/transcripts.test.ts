import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { ADMIN_NAMES, MENU, TAP_NAMES } from '../../src/commands/table.js';
import type { Person } from '../fake-telegram/person.js';
import { steady } from '../support/steady.js';
import { Town, userOf } from '../support/town.js';

/** From dist/ back to where the expected chats are kept. */
const EXPECTED = new URL('../../../../bot-client/test/transcripts/', import.meta.url);
const CHANNEL = -1001;
const LANGS = ['en', 'ru'];

interface Cast {
  town: Town;
  ann: Person;
  /** An admin. */
  boss: Person;
  chargeId: string;
}
interface Act {
  name: string;
  who: 'ann' | 'boss';
  run: (cast: Cast) => unknown;
}
const act = (name: string, run: Act['run'], who: Act['who'] = 'ann'): Act => ({ name, who, run });
const says = (text: string) => act(text, ({ ann }) => ann.says(text));
const taps = (label: string) => act(`taps ${label}`, ({ ann }) => ann.taps(label));
const orders = (command: (cast: Cast) => string) => act('', (cast) => cast.boss.says(command(cast)), 'boss');

async function stopsEarly({ town, ann }: Cast): Promise<void> {
  town.ai.onAsked = () => new Promise(() => undefined);
  ann.says('a long story');
  await town.until(() => town.chat(ann).includes('[⏹ '));
  ann.taps('stop:');
  await town.until(() => !town.chat(ann).includes('[⏹ '));
  town.ai.onAsked = async () => undefined;
}
async function pays(cast: Cast): Promise<void> {
  cast.chargeId = String((await cast.ann.pays()).chargeId);
}

const OLD_INVOICE = { title: 'Old', description: 'Old', payload: 'old-plan', currency: 'XTR', amount: 5 };

const SUBSCRIPTION = {
  ...{ title: 'x', description: 'x', payload: 'tier:professional:1' },
  ...{ currency: 'XTR', amount: 1000, subscriptionSeconds: 2_592_000 },
};

/** Someone with 12 tokens, and an admin, go through all the bot can do: every command and every button. */
const STORY: Act[] = [
  says('/start'),
  act('joins the channel', ({ ann }) => ann.joins(CHANNEL)),
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
  act('writes, then taps stop:', stopsEarly),
  says('/balance'),
  taps('line:off'),
  says('no line of costs now'),
  act('', ({ ann }) => ann.sends({ photo: [{ file_id: 'x' }], caption: 'what is in it?' })),
  says('/balance'),
  taps('line:on'),
  says('/new'),
  says('/cancel'),
  says('/upgrade'),
  taps('buy:tier:professional'),
  taps('rub:pack:pack-2000'),
  says('/balance'),
  taps('upgrade'),
  taps('buy:pack:pack-500'),
  act('pays', pays),
  taps('rub:tier:professional'),
  act('pays', ({ ann }) => ann.pays()),
  says('/upgrade'),
  taps('buy:tier:professional'),
  taps('buy:tier:professional:1:after'),
  act('pays', ({ ann }) => ann.pays()),
  taps('buy:tier:professional:1:now'),
  taps('rub:tier:business'),
  act('pays', ({ ann }) => ann.pays()),
  says('/balance'),
  taps('upgrade'),
  taps('buy:tier:professional'),
  says('/paysupport'),
  says('/terms'),
  says('/code'),
  says('/code nobodys'),
  act('redeems a code', async ({ town, ann }) => ann.says(`/code ${await town.service.newCode()}`)),
  says('/forget'),
  taps('retry:'),
  says('/nonsense'),
  says('/помощь'),
  says('\u2800'),
  act('', ({ ann }) => ann.sends({ voice: { file_id: 'x' } })),
  says('/grant 1 1000'),
  orders(() => '/grant'),
  orders(({ ann }) => `/grant ${ann.id} 40 for patience`),
  orders(({ ann }) => `/grant ${ann.id} gold`),
  orders(({ ann }) => `/grant ${ann.id} professional 2 for patience`),
  orders(() => '/user'),
  orders(({ ann }) => `/user ${ann.id}`),
  orders(() => '/refund'),
  orders(({ ann }) => `/refund ${ann.id} nope`),
  orders(({ ann, chargeId }) => `/refund ${ann.id} ${chargeId}`),
  act('pays an invoice of an older bot', ({ ann }) => ann.charged(OLD_INVOICE, true)),
  orders(() => '/errands'),
  orders(() => '/drop'),
  orders(() => '/drop nothing'),
  orders(({ town }) => `/drop payment:telegram_stars:${[...town.telegram.world.charges.keys()].at(-1)}`),
  orders(() => '/errands'),
  act('subscribes', ({ ann }) => ann.charged(SUBSCRIPTION, true)),
  says('/upgrade'),
  taps('renew:off:professional'),
  taps('upgrade'),
  taps('renew:on:professional'),
  act('ends it in Telegram', ({ ann }) => ann.subscription(SUBSCRIPTION, 'canceled')),
  says('/lang'),
  taps('lang:ru'),
  taps('lang:en'),
];

for (const lang of LANGS) {
  t.test(`every command and button, ${lang}`, async (t) => {
    const town = await Town.open(t, { PAYMENT_PROVIDER_TOKEN: '381764678:TEST:100037' });
    const boss = town.telegram.person(99, 'Boss', lang);
    const cast: Cast = { town, ann: await town.someone(lang, 12), boss, chargeId: 'none yet' };
    const scenes: string[] = [];
    for (const { name, who, run } of STORY) {
      const other = cast[who === 'ann' ? 'boss' : 'ann'];
      const before = other.sees().length;
      const seen = await town.scene(cast[who], () => run(cast));
      const told = seen.startsWith(cast[who].user.first_name) && !name.includes('taps');
      scenes.push(told ? seen : `(${name})\n${seen}`);
      const aside = town.chat(other, before);
      if (aside !== '') scenes.push(`(in the chat with ${other.user.first_name})\n${aside}`);
    }
    const chat = steady(`${scenes.join('\n\n')}\n`, cast);
    const file = new URL(`${lang}.txt`, EXPECTED);
    if (!existsSync(file)) {
      writeFileSync(file, chat);
      t.fail(`${lang}.txt did not exist and was written now: read it before you keep it`);
    }
    t.equal(chat, readFileSync(file, 'utf8'));
    t.same(
      town.lines.filter((line) => line.includes('"level":"error"')),
      [],
    );
    const granted = (await town.service.entries(userOf(cast.ann))).find((entry) => entry.amount === 40);
    t.match(granted?.metadata, { admin: 'telegram:99' }, 'the ledger says which admin');
    t.equal(town.telegram.world.charges.get(cast.chargeId)?.refunded, true);
  });

  t.test(`the transcript leaves nothing out, ${lang}`, (t) => {
    const chat = readFileSync(new URL(`${lang}.txt`, EXPECTED), 'utf8');
    for (const name of [...MENU, ...ADMIN_NAMES])
      t.match(chat, new RegExp(`^\\S+: /${name}\\b`, 'm'), `/${name}`);
    for (const name of TAP_NAMES) t.match(chat, new RegExp(`^\\(.*taps ${name}\\b`, 'm'), `button ${name}`);
    t.end();
  });
}

t.test('the menu: every command, in each language', async (t) => {
  const town = await Town.open(t);
  const { menus } = town.telegram.world;
  await town.until(() => menus.size === 2);
  const [english, russian] = [menus.get('default:'), menus.get('default:ru')];
  for (const menu of [english, russian])
    t.same(
      menu?.map(({ command }) => command),
      MENU,
    );
  t.match(english, [{ command: 'start', description: 'Start, and what I can do' }]);
  t.ok(russian?.every(({ description }) => /[а-яё]/i.test(description)));
  t.notOk(
    MENU.some((name) => ADMIN_NAMES.includes(name)),
    'what only admins may is not shown to everyone',
  );
});
