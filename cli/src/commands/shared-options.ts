import type { Context, Option } from '../command.js';
import type { Answer } from '../service.js';

export const PAGE_OPTIONS = {
  limit: { value: 'N', what: 'How many at most, 1 to 100.' },
  cursor: { value: 'CURSOR', what: 'Where the page before ended; it says so.' },
} satisfies Record<string, Option>;

export const SPAN_OPTIONS = {
  from: { value: 'TIME', what: 'Not before: 2026-11-30, 2026-11-30T12:00, or 7d for seven days ago.' },
  to: { value: 'TIME', what: 'Before this.' },
} satisfies Record<string, Option>;

export const YES = { yes: { what: 'Does not ask whether it is meant.' } } satisfies Record<string, Option>;

export const USER_ARGUMENT = { name: 'user', what: 'Whom: a reference such as telegram:123456.' } as const;

export const pageOf = ({ input }: Pick<Context<'limit' | 'cursor'>, 'input'>, most = 100) => ({
  limit: input.integer('limit', 1, most),
  cursor: input.optional('cursor'),
});

export const spanOf = ({ input }: Pick<Context<'from' | 'to'>, 'input'>) => ({
  from: input.time('from', 'ago'),
  to: input.time('to', 'ago'),
});

/** A page of a list; `none` is what is said where it is empty. */
export function showPage<Item>(
  { show, terminal, isJson }: Pick<Context, 'show' | 'terminal' | 'isJson'>,
  answer: Answer<{ items: Item[]; nextCursor?: string }>,
  none: string,
  lines: (items: Item[]) => string[],
): void {
  const { items, nextCursor } = answer.body;
  show(answer, () => (items.length === 0 ? [none] : lines(items)));
  if (nextCursor !== undefined && !isJson)
    terminal.note(terminal.notePaint.dim(`More: the same with --cursor ${nextCursor}`));
}
