import { command } from '../command.js';
import { flatWords, type Picture } from '../output/flat-words.js';
import type { LocalTimes } from '../output/local-times.js';
import type { Terminal } from '../output/terminal.js';
import { harmless } from '../output/text-width.js';
import type { AnswerTo } from '../service.js';

type Event = AnswerTo<'get', '/events'>['body']['items'][number];

const WAIT_SECONDS = 25;
const WAIT_DEADLINE_MS = 40_000;
const PAGE = 1_000;
const FEW = 20;

export const events = command({
  name: 'events',
  summary: 'What happened: the last events, and with --follow what comes.',
  details:
    'Events are kept for 30 days. --after goes on where an earlier run ended; with --json each line is one answer of GET /events.',
  options: {
    follow: { short: 'f', what: 'Wait for more, until Ctrl-C.' },
    after: { value: 'CURSOR', what: 'Only what came after it; an earlier run said it.' },
    types: { value: 'LIST', what: 'Only these, with commas, such as payment.applied,tokens.exhausted.' },
    user: { value: 'USER', what: 'Only this user’s.' },
    last: { value: 'N', what: `How many of the last (${FEW}).` },
  },
  examples: ['events --follow', 'events --types payment.applied --last 50'],
  run: async ({ input, service, terminal, times, show, isJson }) => {
    const follow = input.flag('follow');
    const filter = { types: input.optional('types'), user: input.optional('user') };
    const last = input.integer('last', 1, PAGE) ?? FEW;
    let after = input.optional('after');
    const read = (wait: number) =>
      service.get('/events', {
        query: { ...filter, after, wait, limit: PAGE },
        ...(wait > 0 ? { deadlineMs: WAIT_DEADLINE_MS } : {}),
      });
    const tell = (answer: AnswerTo<'get', '/events'>, items: Event[]) => {
      if (isJson || items.length > 0)
        show(answer, () => items.map((event) => eventLine(event, terminal, times)));
    };
    // The last few are found by walking to the end: the feed goes one way only.
    let kept: Event[] = [];
    const isFromStart = after === undefined;
    for (;;) {
      const answer = await read(0);
      after = answer.body.nextCursor;
      if (isJson || !isFromStart) tell(answer, answer.body.items);
      else kept = [...kept, ...answer.body.items].slice(-last);
      if (answer.body.items.length < PAGE || (isJson && !follow)) {
        if (!isJson && isFromStart) tell(answer, kept);
        break;
      }
    }
    while (follow) {
      const answer = await read(WAIT_SECONDS);
      after = answer.body.nextCursor;
      if (answer.body.items.length > 0) tell(answer, answer.body.items);
    }
    if (!isJson) terminal.note(terminal.notePaint.dim(`To go on from here: farebox events --after ${after}`));
  },
});

/** Told by the columns before, or of use to programs only. */
const LEFT_OUT = /^(user|locale|sequence|affordable|renewsAt|receipt|balance)\b(?!\.available)/;

/** 2026-11-28 05:52:10 CET  payment.applied  telegram:1  … */
function eventLine({ type, timestamp, data }: Event, { paint }: Terminal, times: LocalTimes): string {
  const told = flatWords(data as Picture, times);
  const parts = Object.entries(told)
    .filter(([name]) => !LEFT_OUT.test(name))
    .map(([name, words]) => `${name.replace('balance.', '')} ${words}`);
  const line = [
    times.exactly(timestamp),
    paint.bold(type),
    harmless(told.user ?? ''),
    harmless(parts.join(', ')),
  ];
  return line.filter(Boolean).join('  ');
}
