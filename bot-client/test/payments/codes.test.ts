/** Promo codes in the chat: told in plain words, and given once, however often a message arrives. */
import t from 'tap';
import { Town, userOf } from '../support/town.js';

t.test('a code that is sent, or stood in the link that was followed', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 0);
  const code = await town.service.newCode();
  const typed = code.replaceAll('-', '').toLowerCase();
  t.match(await town.scene(ann, () => ann.says(`/code ${typed}`)), '50 tokens for you. You have 50 now');
  t.match(await town.scene(ann, () => ann.says(`/code ${code}`)), 'You have used this code already');
  const bea = await town.someone('ru', 0);
  t.match(await town.scene(bea, () => bea.says(`/code ${code}`)), 'Этот код уже использован');
  const link = await town.service.newCode();
  t.match(await town.scene(bea, () => bea.says(`/start ${link}`)), 'Начислено: 50 токенов');
  const other = await town.scene(bea, () => bea.says('/start ads-7'));
  t.notMatch(other, 'кода нет', 'a link that ends in something else is only followed');
  t.equal((await town.balance(bea)).total, 50);
});

t.test('a code that may be had twice is had twice, by two messages', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 0);
  const code = await town.service.newCode({ uses: 9, usesPerUser: 2 });
  for (const sum of ['50', '100'])
    t.match(await town.scene(ann, () => ann.says(`/code ${code}`)), `You have ${sum} now`);
  t.match(await town.scene(ann, () => ann.says(`/code ${code}`)), 'You have used this code already');
});

t.test('an answer that was lost on the way is asked for again, and nothing is given twice', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 0);
  const code = await town.service.newCode({ uses: 9, usesPerUser: 9 });
  town.gate.order({ path: /redeem/, kind: 'lose-reply', times: 2 });
  t.match(await town.scene(ann, () => ann.says(`/code ${code}`)), '50 tokens for you. You have 50 now');
  t.equal((await town.service.entries(userOf(ann), 'grant')).length, 1);
  town.gate.order({ path: /redeem/, kind: 'status', times: 4 });
  t.match(await town.scene(ann, () => ann.says(`/code ${code}`)), 'token service');
});

t.test('ten wrong ones, and the user is told how long to wait', async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 0);
  for (let i = 0; i < 10; i++)
    t.match(await town.scene(ann, () => ann.says(`/code wrong${i}`)), 'I do not know this code');
  t.match(await town.scene(ann, () => ann.says('/code wrong')), /Try again in (1 hour|60 minutes)/);
});
