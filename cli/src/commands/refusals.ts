import { command } from '../command.js';
import { number } from '../output/figures.js';
import { table } from '../output/table.js';
import { PAGE_OPTIONS, pageOf, SPAN_OPTIONS, showPage, spanOf } from './shared-options.js';

const CODES = ['rate-limited', 'insufficient-tokens', 'user-blocked', 'too-many-open-reservations'] as const;

export const refusals = command({
  name: 'refusals',
  summary: 'Who met a limit, ran out of tokens, or was blocked: by hour, the newest first.',
  options: {
    user: { value: 'USER', what: 'Only this user’s.' },
    operation: { value: 'ID', what: 'Only of this operation.' },
    code: { value: 'CODE', what: 'Only these.', choices: CODES },
    ...SPAN_OPTIONS,
    ...PAGE_OPTIONS,
  },
  examples: ['refusals --code rate-limited --from 1d'],
  run: async (context) => {
    const { input, service, terminal, times } = context;
    const answer = await service.get('/refusals', {
      query: {
        ...{ user: input.optional('user'), operation: input.optional('operation') },
        ...{ code: input.choice('code', CODES), ...spanOf(context), ...pageOf(context) },
      },
    });
    showPage(context, answer, 'Nobody was refused anything.', (items) =>
      table(terminal, items, [
        { title: times.heading('hour'), of: ({ hour }) => times.short(hour) },
        { title: 'times', right: true, of: ({ count }) => number(count) },
        { title: 'why', of: ({ code }) => code },
        { title: 'operation', of: ({ operation }) => operation },
        { title: 'user', of: ({ user }) => user ?? '(nobody any more)' },
      ]),
    );
  },
});
