import { command } from '../command.js';
import { number, signed } from '../output/figures.js';
import { table } from '../output/table.js';
import { PAGE_OPTIONS, pageOf, SPAN_OPTIONS, showPage, spanOf } from './shared-options.js';

const HOUR_MS = 3_600_000;

export const usage = command({
  name: 'usage',
  summary: 'The ledger summed: who used what, when, as it is at this instant.',
  details:
    'Days and months are those of this machine’s zone, or UTC where that is off by half hours. An hour that is begun counts as a whole.',
  options: {
    by: {
      value: 'LIST',
      what: 'One or two of hour, day, month, operation, tier, model, user, with a comma.',
    },
    ...SPAN_OPTIONS,
    user: { value: 'USER', what: 'Only this user’s.' },
    operation: { value: 'ID', what: 'Only this operation.' },
    tier: { value: 'ID', what: 'Only this tier.' },
    model: { value: 'NAME', what: 'Only this model.' },
    timezone: { value: 'ZONE', what: 'Whose days and months, such as Europe/Berlin.' },
    limit: { value: 'N', what: 'Rows at most.' },
    cursor: PAGE_OPTIONS.cursor,
  },
  examples: ['usage --by day,operation --from 7d', 'usage --by user --limit 10'],
  run: async (context) => {
    const { input, service, terminal, times, isJson } = context;
    const { from, to } = spanOf(context);
    const timezone = input.optional('timezone') ?? (times.isOffByWholeHours ? times.zone : 'UTC');
    const answer = await service.get('/usage', {
      query: {
        ...{ by: input.optional('by'), timezone, from: from && wholeHour(from), to: to && wholeHour(to) },
        ...{ user: input.optional('user'), operation: input.optional('operation') },
        ...{ tier: input.optional('tier'), model: input.optional('model'), ...pageOf(context, 10_000) },
      },
    });
    const figure = (name: 'refunded' | 'uncollected' | 'granted' | 'expired' | 'revoked') => ({
      ...{ title: name, right: true as const },
      of: (row: (typeof answer.body.items)[number]) => (row[name] === 0 ? '' : number(row[name])),
    });
    showPage(context, answer, 'Nothing was used.', (items) =>
      table(terminal, items, [
        { title: times.heading('hour'), of: ({ hour }) => times.maybe(hour) },
        { title: `day (${timezone})`, of: ({ day }) => day ?? '' },
        { title: `month (${timezone})`, of: ({ month }) => month ?? '' },
        { title: 'user', of: ({ user }) => (user === null ? '(nobody any more)' : (user ?? '')) },
        { title: 'operation', of: ({ operation }) => (operation === null ? '(none)' : (operation ?? '')) },
        { title: 'tier', of: ({ tier }) => (tier === null ? '(none)' : (tier ?? '')) },
        { title: 'model', of: ({ model }) => (model === null ? '(none)' : (model ?? '')) },
        { title: 'commits', right: true, of: ({ commits }) => number(commits) },
        { title: 'charged', right: true, of: ({ charged }) => number(charged) },
        ...(['refunded', 'uncollected', 'granted', 'expired', 'revoked'] as const).map(figure),
        { title: 'adjusted', right: true, of: ({ adjusted }) => (adjusted === 0 ? '' : signed(adjusted)) },
      ]),
    );
    if (!isJson) terminal.note(terminal.notePaint.dim(`As of ${times.full(answer.body.asOf)}.`));
  },
});

/** The service sums whole hours. */
const wholeHour = (iso: string): string =>
  new Date(Math.floor(Date.parse(iso) / HOUR_MS) * HOUR_MS).toISOString();
