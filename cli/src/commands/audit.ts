import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { counted, number } from '../output/figures.js';
import { ProgressBar } from '../output/progress-bar.js';
import { table } from '../output/table.js';
import type { AnswerTo } from '../service.js';

type Audit = AnswerTo<'get', '/audit'>['body'];

/** Short enough to show that it goes on, long enough to cost nothing. */
const PART_SECONDS = 2;
const DEADLINE_MS = 120_000;

export const audit = command({
  name: 'audit',
  summary: 'Prove that every balance equals the ledger. Ends with 4 where one does not.',
  details: 'It reads everything, in parts, and keeps nobody waiting.',
  run: async ({ service, terminal, show, isJson }) => {
    const bar = new ProgressBar(terminal, 'audit');
    const whole: Audit = { accounts: 0, entries: 0, mismatches: [] };
    let parts = 0;
    let text = '';
    let cursor: string | undefined;
    try {
      do {
        const part = await service.get('/audit', {
          query: { seconds: PART_SECONDS, cursor },
          deadlineMs: DEADLINE_MS,
        });
        parts += 1;
        text = part.text;
        ({ nextCursor: cursor } = part.body);
        whole.accounts += part.body.accounts;
        whole.entries += part.body.entries;
        whole.mismatches.push(...part.body.mismatches);
        bar.show({ done: whole.entries });
      } while (cursor !== undefined);
    } finally {
      bar.end();
    }
    const { accounts, entries, mismatches } = whole;
    // Of several parts one answer is made, as a single call would have given it.
    show({ body: whole, text: parts === 1 ? text : JSON.stringify(whole), headers: {} }, () =>
      mismatches.length === 0
        ? [
            terminal.paint.green(
              `All balances equal the ledger: ${counted(accounts, 'account')}, ${counted(entries, 'entry', 'entries')}.`,
            ),
          ]
        : table(terminal, mismatches, [
            { title: 'account', of: ({ account }) => account },
            { title: 'figure', of: ({ figure }) => figure },
            { title: 'by the ledger', right: true, of: ({ expected }) => number(expected) },
            { title: 'in the account', right: true, of: ({ actual }) => number(actual) },
          ]),
    );
    if (mismatches.length === 0) return EXIT.ok;
    if (!isJson)
      terminal.note(
        terminal.notePaint.red(
          `${counted(mismatches.length, 'figure')} of ${counted(accounts, 'account')} do not equal the ledger.`,
        ),
      );
    return EXIT.trouble;
  },
});
