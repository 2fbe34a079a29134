import { type Context, command } from '../command.js';
import { table } from '../output/table.js';
import { harmless } from '../output/text-width.js';
import type { AnswerTo } from '../service.js';
import { PAGE_OPTIONS, pageOf, showPage, YES } from './shared-options.js';

const SCOPES = [
  'limits',
  'tokens',
  'users',
  'grants',
  'payments',
  'events',
  'webhooks',
  'support',
  'admin',
] as const;

export const listKeys = command({
  name: 'keys list',
  summary: 'The API keys, newest first, and when each was last used.',
  options: PAGE_OPTIONS,
  run: async (context) => {
    const { service, terminal, times } = context;
    const answer = await service.get('/api-keys', { query: pageOf(context) });
    showPage(context, answer, 'There are none.', (items) =>
      table(terminal, items, [
        { title: 'id', of: ({ id }) => id },
        { title: 'begins', of: ({ prefix }) => prefix },
        { title: times.heading('made'), of: ({ createdAt }) => times.short(createdAt) },
        { title: 'last used', of: ({ lastUsedAt }) => (lastUsedAt ? times.short(lastUsedAt) : 'never') },
        { title: 'ends', of: ({ expiresAt }) => times.maybe(expiresAt) },
        { title: 'scopes', of: ({ scopes }) => scopes.join(',') },
        { title: 'name', of: ({ name }) => name },
      ]),
    );
  },
});

export const createKey = command({
  name: 'keys create',
  summary: 'Make a key. It is shown this once.',
  arguments: [{ name: 'name', what: 'What it is for; the audit log calls it so.' }],
  options: {
    scopes: { value: 'LIST', what: `What it may do, with commas: ${SCOPES.join(', ')}.` },
    expires: { value: 'TIME', what: 'When it ends: 2027-01-01 or 90d; else never.' },
  },
  writes: 'needed',
  examples: ['keys create "web app" --scopes limits,tokens,users --reason "the new frontend"'],
  run: async (context) => {
    const { input, service, write } = context;
    const scopes = (input.list('scopes') ?? input.refuse('scopes', 'is needed')).map(
      (text) =>
        SCOPES.find((one) => one === text) ??
        input.refuse('scopes', `has ${text}, which is none of ${SCOPES.join(', ')}`),
    );
    const expiresAt = input.time('expires', 'ahead');
    const body = { name: input.text('name'), scopes, ...(expiresAt ? { expiresAt } : {}) };
    showNew(context, await service.write('post', '/api-keys', await write('once'), { body }));
  },
});

/** The key alone goes to stdout: a script can keep it. */
function showNew(
  { show, terminal, times, isJson }: Pick<Context, 'show' | 'terminal' | 'times' | 'isJson'>,
  answer: AnswerTo<'post', '/api-keys'>,
): void {
  const { id, name, scopes, key, expiresAt } = answer.body;
  const ends = expiresAt ? `, until ${times.full(expiresAt)}` : '';
  if (!isJson)
    terminal.note(`${id} “${harmless(name)}” may: ${scopes.join(', ')}${ends}. Its key is shown this once:`);
  show(answer, () => [key]);
}

export const rotateKey = command({
  name: 'keys rotate',
  summary: 'Put a new key in the place of another; both work for a while.',
  arguments: [{ name: 'id', what: 'The key’s id (not the key itself).' }],
  options: { grace: { value: 'SECONDS', what: 'How long the old one still works (86400, a day).' } },
  writes: 'needed',
  run: async (context) => {
    const { input, service, write } = context;
    const graceSeconds = input.integer('grace', 0, 2_592_000) ?? 86_400;
    showNew(
      context,
      await service.write('post', '/api-keys/{id}/rotate', await write('once'), {
        path: { id: input.text('id') },
        body: { graceSeconds },
      }),
    );
  },
});

export const revokeKey = command({
  name: 'keys revoke',
  summary: 'End a key: it is dead everywhere within 5 seconds.',
  arguments: [{ name: 'id', what: 'The key’s id (not the key itself).' }],
  options: YES,
  writes: 'needed',
  run: async ({ input, service, show, write, confirm }) => {
    const id = input.text('id');
    await confirm(`End ${id} for good?`);
    const answer = await service.write('delete', '/api-keys/{id}', await write(), { path: { id } });
    show(answer, () => [`${id} opens nothing any more.`]);
  },
});
