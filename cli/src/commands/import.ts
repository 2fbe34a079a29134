import { Readable } from 'node:stream';
import { type Context, command } from '../command.js';
import { CutOff } from '../cut-off.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { type LinesToImport, linesToImport } from '../moving/lines-to-import.js';
import { linesOf, textOf } from '../moving/text-lines.js';
import { MEMBERS, type Translation } from '../moving/user-of-row.js';
import { counted, number } from '../output/figures.js';
import { ProgressBar } from '../output/progress-bar.js';
import { harmless } from '../output/text-width.js';
import type { Write } from '../service.js';

const FORMATS = ['csv', 'ndjson'] as const;

interface AnswerLine {
  line?: number;
  field?: string;
  message?: string;
  imported?: number;
  unchanged?: number;
  refused?: number;
  dryRun?: boolean;
}

export const importUsers = command({
  name: 'import',
  summary: 'Bring users from a table of your own, with all that they were promised.',
  details:
    'Takes a CSV file with a header, or a JSON object a line. The usual columns are known (telegram_id, username, first_name, tier, tokens_balance, tokens_spent, subscription_expires_at, channel_subscribed_at), and so is an export of users. A user who is known never changes: the same file again changes nothing, and an import that was cut off is simply run again. Ends with 4 where lines were refused; the others went in.',
  arguments: [{ name: 'file', what: 'Which, such as users.csv.' }],
  options: {
    'dry-run': { what: 'Do everything but write: say what would be imported, and what is wrong.' },
    format: { value: 'FORMAT', what: 'Without it what the file’s name ends with, or csv.', choices: FORMATS },
    map: {
      value: 'LIST',
      what: `Columns that are called otherwise: balance=tokensBalance,plan=tier; column=- leaves one out. Members: ${MEMBERS.join(', ')}.`,
    },
    tiers: { value: 'LIST', what: 'Tiers that are called otherwise: free=gift,pro=professional.' },
    defaults: { value: 'LIST', what: 'What a row does not say: tier=gift,locale=ru.' },
    provider: { value: 'NAME', what: 'Whose the users are where they are bare numbers (telegram).' },
    offset: { value: 'OFFSET', what: 'Of times without a zone: +03:00 (UTC).' },
  },
  writes: 'needed',
  examples: [
    'import users.csv --dry-run',
    'import users.csv --tiers free=gift,pro=professional --reason "moving in"',
  ],
  run: async (context): Promise<ExitCode | undefined> => {
    const { input, service, terminal, write } = context;
    const path = input.text('file');
    const format = input.choice('format', FORMATS) ?? (/\.(nd|)jsonl?$/.test(path) ? 'ndjson' : 'csv');
    const isDry = input.flag('dry-run');
    const how: Translation = {
      map: pairs(context, 'map'),
      tiers: pairs(context, 'tiers'),
      defaults: pairs(context, 'defaults'),
      provider: input.optional('provider') ?? 'telegram',
      offset: input.optional('offset') ?? 'Z',
    };
    if (!/^(Z|[+-]\d\d:\d\d)$/.test(how.offset)) input.refuse('offset', 'must be like +03:00');
    const file = await linesToImport(path, format, how);
    const writing = isDry ? { reason: undefined, key: undefined } : await write();
    // A key that is not let in is told so before the file is on its way.
    await service.get('/api-keys/me');
    const bar = new ProgressBar(terminal, isDry ? 'dry run' : 'import');
    const summary = await sent(context, writing, { file, bar, isDry });
    return (summary.refused ?? 0) > 0 ? EXIT.trouble : EXIT.ok;
  },
});

async function sent(
  { service, ...context }: Pick<Context, 'service' | 'terminal' | 'isJson'>,
  writing: Write,
  { file, bar, isDry }: { file: LinesToImport; bar: ProgressBar; isDry: boolean },
): Promise<AnswerLine> {
  const body = Readable.from(watched(file, bar), { objectMode: false });
  // What is wrong with the file ends the call; it is the reason, and the call's end is not.
  let fault: Error | undefined;
  body.once('error', (error) => {
    fault = error;
  });
  try {
    const answer = await service.upload(`/import/users${isDry ? '?dryRun=true' : ''}`, writing, body);
    const summary = await tell(context, answer, file, bar);
    if (summary) return summary;
  } catch (error) {
    throw fault ?? error;
  } finally {
    bar.end();
  }
  throw (
    fault ??
    new CutOff('The import was cut off. Run it again as it is: who has come is left alone, the rest comes.')
  );
}

type Names = 'map' | 'tiers' | 'defaults';

function pairs({ input }: Pick<Context<Names>, 'input'>, name: Names): ReadonlyMap<string, string> {
  return new Map(
    (input.list(name) ?? []).map((text): [string, string] => {
      const [left = '', right = ''] = text.split(/=(.*)/s).map((part) => part.trim());
      if (left === '' || right === '') input.refuse(name, `has ${text}, which is not like this=that`);
      if (name === 'map' && right !== '-' && !MEMBERS.some((member) => member === right))
        input.refuse(name, `names ${right}, which is none of ${MEMBERS.join(', ')}`);
      return [left, right];
    }),
  );
}

async function* watched(file: LinesToImport, bar: ProgressBar): AsyncGenerator<string, void> {
  let sent = 0;
  let text = '';
  for await (const line of file.lines) {
    sent += 1;
    text = text.concat(line);
    if (text.length < 16_384) continue;
    bar.show({ done: sent, share: file.bytes > 0 ? file.bytesRead() / file.bytes : 1 });
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** Problems as they come, and the summary last; undefined where there is none. */
async function tell(
  { terminal, isJson }: Pick<Context, 'terminal' | 'isJson'>,
  answer: AsyncIterable<Buffer>,
  { lineOfFile }: LinesToImport,
  bar: ProgressBar,
): Promise<AnswerLine | undefined> {
  let summary: AnswerLine | undefined;
  try {
    for await (const text of linesOf(textOf(answer))) {
      const said = JSON.parse(text) as AnswerLine;
      if (said.imported !== undefined) summary = said;
      bar.end();
      if (isJson) terminal.print(text);
      else if (said.message !== undefined)
        terminal.print(
          `line ${number(lineOfFile(said.line ?? 0))}${said.field ? `, ${said.field}` : ''}: ${harmless(said.message)}`,
        );
    }
  } catch {
    // Whatever cut it off: an answer without a summary is not whole.
  } finally {
    bar.end();
  }
  if (summary && !isJson) terminal.print(summaryWords(summary));
  return summary;
}

function summaryWords({ imported = 0, unchanged = 0, refused = 0, dryRun }: AnswerLine): string {
  const parts = [
    `${counted(imported, 'user')} ${dryRun ? 'would be imported' : 'imported'}`,
    ...(unchanged > 0 ? [`${number(unchanged)} known already`] : []),
    ...(refused > 0 ? [`${counted(refused, 'line')} refused`] : []),
  ];
  return `${parts.join(', ')}.${dryRun ? ' Nothing was written.' : ''}`;
}
