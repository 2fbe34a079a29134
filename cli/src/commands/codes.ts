import { command } from '../command.js';
import { number } from '../output/figures.js';
import { table } from '../output/table.js';
import { PAGE_OPTIONS, pageOf, showPage, YES } from './shared-options.js';

const MOST = 1_000_000_000_000;
const DAY_SECONDS = 86_400;

export const createCodes = command({
  name: 'codes create',
  summary: 'Make promo codes: one a line, ready to be handed out.',
  arguments: [{ name: 'amount', what: 'How many tokens each of them gives.' }],
  options: {
    count: { value: 'N', what: 'How many codes, 1 to 1,000 (1).' },
    uses: { value: 'N', what: 'How often each may be used (1).' },
    expires: { value: 'TIME', what: 'Until when they are good: 2027-01-01 or 30d; else always.' },
    'grant-days': { value: 'N', what: 'For how many days the tokens last; else for ever.' },
    prefix: { value: 'TEXT', what: 'What they begin with.' },
  },
  writes: 'needed',
  examples: ['codes create 50 --count 100 --expires 30d --reason "the autumn campaign" > codes.txt'],
  run: async ({ input, service, show, write }) => {
    const days = input.integer('grant-days', 1, 3_650);
    const expiresAt = input.time('expires', 'ahead');
    const prefix = input.optional('prefix');
    const uses = input.integer('uses', 1, 1_000_000);
    const terms = {
      amount: input.integer('amount', 1, MOST) ?? 0,
      count: input.integer('count', 1, 1_000) ?? 1,
      ...(uses === undefined ? {} : { uses }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(days === undefined ? {} : { grantSeconds: days * DAY_SECONDS }),
      ...(prefix === undefined ? {} : { prefix }),
    };
    const writing = await write();
    const body = { ...terms, reason: writing.reason ?? '' };
    const answer = await service.write('post', '/promo-codes', writing, { body });
    show(answer, () => answer.body.items.map(({ code }) => code));
  },
});

export const listCodes = command({
  name: 'codes list',
  summary: 'The promo codes, newest first, and how often each was used.',
  options: PAGE_OPTIONS,
  run: async (context) => {
    const { service, terminal, times } = context;
    const answer = await service.get('/promo-codes', { query: pageOf(context) });
    showPage(context, answer, 'There are none.', (items) =>
      table(terminal, items, [
        { title: 'code', of: ({ code }) => code },
        { title: 'gives', right: true, of: ({ amount }) => number(amount) },
        { title: 'used', right: true, of: ({ used, uses }) => `${number(used)} of ${number(uses)}` },
        { title: times.heading('good until'), of: ({ expiresAt }) => times.maybe(expiresAt) },
      ]),
    );
  },
});

export const deleteCode = command({
  name: 'codes delete',
  summary: 'End a promo code; what it gave stays.',
  arguments: [{ name: 'code', what: 'Which.' }],
  options: YES,
  writes: 'needed',
  run: async ({ input, service, show, write, confirm }) => {
    const path = { code: input.text('code') };
    await confirm(`End ${path.code} for good?`);
    const answer = await service.write('delete', '/promo-codes/{code}', await write(), { path });
    show(answer, () => [`${path.code} gives nothing any more.`]);
  },
});
