import { command } from '../command.js';
import { flatWords, type Picture } from '../output/flat-words.js';
import type { LocalTimes } from '../output/local-times.js';
import { table } from '../output/table.js';
import { PAGE_OPTIONS, pageOf, SPAN_OPTIONS, showPage, spanOf } from './shared-options.js';

export const auditLog = command({
  name: 'audit-log',
  summary: 'What operators wrote, newest first: who, on whom, why, and how it was before.',
  options: {
    user: { value: 'USER', what: 'Only what was done to this user.' },
    actor: { value: 'ID', what: 'Only what this key wrote.' },
    action: { value: 'CALL', what: 'Only these, such as grantTokens.' },
    ...SPAN_OPTIONS,
    ...PAGE_OPTIONS,
  },
  examples: ['audit-log --user telegram:123456', 'audit-log --action grantTokens --from 1d'],
  run: async (context) => {
    const { input, service, terminal, times } = context;
    const answer = await service.get('/audit-log', {
      query: {
        ...{ user: input.optional('user'), actor: input.optional('actor'), action: input.optional('action') },
        ...{ ...spanOf(context), ...pageOf(context) },
      },
    });
    showPage(context, answer, 'Nothing was written.', (items) =>
      table(terminal, items, [
        { title: times.heading('when'), of: ({ at }) => times.short(at) },
        { title: 'who', of: ({ actor }) => actor.name },
        { title: 'by', of: ({ actor }) => actor.via },
        { title: 'action', of: ({ action }) => action },
        { title: 'on', of: ({ user, target }) => user ?? target ?? '' },
        { title: 'why', of: ({ reason }) => reason ?? '' },
        { title: 'what changed', of: ({ before, after }) => differences(before, after, times) },
      ]),
    );
  },
});

const MOST = 3;

/** available 30 → 130: what differs, the first few; all of it is in --json. */
function differences(before: Picture, after: Picture, times: LocalTimes): string {
  const [was, is] = [flatWords(before, times), flatWords(after, times)];
  const both = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const names = both
    .filter((name) => (was[name] ?? 'none') !== (is[name] ?? 'none') && name !== 'id')
    // `blocked none`, where the other side says blocked.reason.
    .filter((name) => !both.some((other) => other.startsWith(`${name}.`)));
  const said = names.slice(0, MOST).map((name) => {
    const [from, to] = [was[name] ?? 'none', is[name] ?? 'none'];
    return from === 'none' ? `${plain(name)} ${to}` : `${plain(name)} ${from} → ${to}`;
  });
  return [...said, ...(names.length > MOST ? ['…'] : [])].join(', ');
}

/** The last name says enough. */
const plain = (path: string): string => path.split('.').at(-1) ?? path;
