/** Drafts: where one chat refuses them the others keep them, and one that shows nothing new is renewed. */
import t from 'tap';
import { AnswerView } from '../../src/telegram/answer-view.js';
import { ChatView } from '../../src/telegram/chat-view.js';
import { DraftSupport } from '../../src/telegram/draft-support.js';
import { TelegramApi } from '../../src/telegram/telegram-api.js';
import { FakeTelegram } from '../fake-telegram/fake-telegram.js';
import { until } from '../support/mortal-bot.js';

const HOUR_MS = 3_600_000;

t.test('a refusal in one chat turns nothing off for others, and is forgotten in an hour', (t) => {
  const codes: number[] = [];
  const drafts = new DraftSupport((code) => codes.push(code));
  drafts.refused(1, 400, 1_000);
  t.same(
    [drafts.works(1, 1_001), drafts.works(2, 1_001), drafts.works(1, 1_000 + HOUR_MS)],
    [false, true, true],
  );
  drafts.refused(3, 404, 2_000);
  t.same([drafts.works(2, 2_001), drafts.works(2, 2_000 + HOUR_MS)], [false, true]);
  t.same(codes, [400, 404]);
  t.end();
});

t.test(
  'a draft is shown again while the model is silent, and no more once the answer is there',
  async (t) => {
    const telegram = await new FakeTelegram().start();
    t.teardown(() => telegram.stop());
    telegram.person(1, 'Ann').says('hello');
    const view = new ChatView(new TelegramApi(telegram.token, telegram.url), { chatId: 1 });
    const answer = new AnswerView(view, {
      isPrivate: true,
      drafts: new DraftSupport(),
      waiting: '…',
      stop: [],
      draftId: 7,
      renewMs: 20,
    });
    await answer.begin();
    answer.show('a thought');
    const drafts = () => telegram.calls('sendMessageDraft');
    await until(() => drafts().length >= 3, 'renewed');
    t.ok(drafts().every(({ params }) => params.text === 'a thought' && params.draft_id === 7));
    await answer.finish('a thought, whole', '', []);
    const sent = drafts().length;
    await answer.replaceBy('another').catch(() => undefined);
    t.equal(drafts().length, sent);
  },
);
