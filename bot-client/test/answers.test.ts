import t from 'tap';
import { Town } from './support/town.js';

/** Each has a town of its own and mostly waits. */
t.jobs = 4;
const BESIDE = { buffered: true };

t.test(
  'feedback at once: "typing" or "sending a photo" is there before the service has answered',
  async (t) => {
    const town = await Town.open(t);
    const ann = await town.someone('en', 50);
    for (const [text, action] of [
      ['hi', 'typing'],
      ['/image x', 'upload_photo'],
    ] as const) {
      town.gate.order({ path: /reserve/, kind: 'hang' });
      const sentAtMs = Date.now();
      ann.says(text);
      const shown = () => town.telegram.world.actions.find((one) => one.action === action);
      await town.until(() => shown() !== undefined);
      t.equal(town.ai.requests.length, 0);
      t.comment(`${action} ${(shown()?.atMs ?? 0) - sentAtMs} ms after the message`);
      await town.quiet();
      town.ai.requests.length = 0;
    }
  },
);

t.test('Telegram without drafts: edits at a polite pace, for good after one 400', BESIDE, async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 50);
  town.telegram.world.draftsSupported = false;
  town.ai.wordMs = 100;
  town.ai.answer = () => 'word '.repeat(30);
  // Words come while an edit is under way.
  town.telegram.faults.order({ method: 'editMessageText', kind: 'slow', delayMs: 250, times: 100 });
  t.match(await town.scene(ann, () => ann.says('hi')), /word word.*5 tokens/s);
  t.match(await town.scene(ann, () => ann.says('hi')), /word word.*5 tokens/s);
  t.equal(town.telegram.calls('sendMessageDraft').length, 1);
  const growing = town.telegram
    .calls('editMessageText')
    .filter(({ params }) => String(params.text).endsWith('▌'));
  const messages = new Set(growing.map(({ params }) => params.message_id));
  t.equal(messages.size, 2);
  for (const id of messages) {
    const edits = growing.filter(({ params }) => params.message_id === id).map((call) => call.atMs);
    // However slow this machine: the next is sent a pace after the answer to the last. Timers may be a little early.
    const gaps = edits.slice(1).map((at, index) => at - (edits[index] ?? 0));
    t.ok(
      edits.length >= 1 && gaps.every((gap) => gap >= 1_190),
      `${edits.length} edits, apart by ${gaps} ms`,
    );
  }
});

t.test('long answers, broken formatting, 429s and lost replies', BESIDE, async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 100);
  await town.scene(ann, () => ann.says('/help'));
  town.ai.answer = () =>
    `${'A paragraph of words. '.repeat(100)}\n\n\`\`\`js\n${'let x = 1;\n'.repeat(500)}\`\`\`\n\nend`;
  const long = await town.scene(ann, () => ann.says('long'));
  t.equal(long.match(/^BOT:/gm)?.length, 3);
  t.equal(town.telegram.calls('sendMessage').filter((call) => call.error !== undefined).length, 0);
  town.ai.answer = () => 'fine **bold**';
  town.telegram.faults.order({
    method: 'sendMessage',
    kind: 'refuse',
    description: "Bad Request: can't parse entities: no",
    when: (params) => params.parse_mode === 'HTML',
  });
  t.match(await town.scene(ann, () => ann.says('x')), 'BOT: fine **bold**');
  const busy = { kind: 'refuse', code: 429, description: 'Too Many Requests', retryAfterSeconds: 1 } as const;
  town.telegram.faults.order({ ...busy, method: 'sendMessage' });
  t.match(await town.scene(ann, () => ann.says('y')), 'fine bold');
  const before = (await town.balance(ann)).total;
  town.telegram.faults.order({
    method: 'sendMessage',
    kind: 'lose-reply',
    when: (params) => String(params.text).includes('fine'),
  });
  t.match(
    await town.scene(ann, () => ann.says('z')),
    /did not confirm that my answer reached you, so you are not charged/,
  );
  t.equal((await town.balance(ann)).total, before, 'where delivery is unknowable: not charged');
});

t.test('groups: only on command, mention or reply, in the thread it came from', BESIDE, async (t) => {
  const town = await Town.open(t);
  const ann = await town.someone('en', 50);
  town.telegram.group(-5, 'Friends');
  const where = { chatId: -5, threadId: 7 };
  t.equal(await town.scene(ann, () => ann.says('just talking', where), -5), 'Ann: just talking');
  t.equal(await town.scene(ann, () => ann.says('/nonsense', where), -5), 'Ann: /nonsense');
  t.equal(await town.scene(ann, () => ann.says('/help@other_bot', where), -5), 'Ann: /help@other_bot');
  const answer = await town.scene(ann, () => ann.says('@farebox_bot hello', where), -5);
  t.match(answer, /BOT: You said hello\n\n5 tokens/);
  const said = ann.sees(-5).at(-1)?.message;
  t.match(said, { message_thread_id: 7, reply_to_message: { text: '@farebox_bot hello' } });
  t.match(
    await town.scene(ann, () => ann.says('and you', { ...where, ...(said && { replyTo: said }) }), -5),
    'You said and you',
  );
  const roles = town.ai.requests.at(-1)?.body.messages.map((message) => message.role);
  t.same(roles, ['system', 'user', 'assistant', 'user'], 'it remembers this person in this thread');
});
