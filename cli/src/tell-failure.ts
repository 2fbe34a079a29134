import { BillingError } from '../../bot-client/src/billing/index.js';
import { CutOff } from './cut-off.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { harmless } from './output/text-width.js';
import type { Service } from './service.js';
import type { Settings } from './settings.js';
import { UsageError } from './usage-error.js';

export interface Told {
  code: ExitCode;
  lines: string[];
  /** The service's own answer, for --json. */
  answer?: Readonly<Record<string, unknown>>;
}

/** What is shorter is no key, and may be a part of any word. */
const LEAST_SECRET = 16;

/** What went wrong, in words; never a stack, and never a key. */
export function tellFailure(error: unknown, settings?: Settings, writing?: Service['writing']): Told {
  const told = toldOf(error, settings, writing);
  const secret = settings?.apiKey;
  const hide = (line: string) =>
    secret && secret.length >= LEAST_SECRET ? line.replaceAll(secret, '…') : line;
  return { ...told, lines: told.lines.map(hide) };
}

function toldOf(error: unknown, settings: Settings | undefined, writing: Service['writing']): Told {
  if (error instanceof UsageError) {
    const help = error.command === undefined ? 'farebox help' : `farebox help ${error.command}`;
    return { code: EXIT.usage, lines: [error.message, `How it is right: ${help}`] };
  }
  if (error instanceof BillingError)
    return error.refused ? refusedBy(error, settings) : away(error, settings, writing);
  if (error instanceof CutOff) return { code: EXIT.away, lines: [error.message] };
  return { code: EXIT.trouble, lines: [error instanceof Error ? error.message : String(error)] };
}

function refusedBy(error: BillingError, settings: Settings | undefined): Told {
  const lines = [harmless(error.message)];
  const faults = error.fields.errors;
  if (Array.isArray(faults) && faults.length > 1)
    lines.push(...faults.map(({ field, message }) => harmless(`  ${field} ${message}`)));
  if (error.code === 'unauthorized')
    lines.push(`The key comes from: ${settings?.keyFrom ?? 'nowhere'}. FAREBOX_API_KEY sets another.`);
  if (error.code === 'insufficient-scope') lines.push('What this key may do: farebox doctor');
  lines.push(trace(error));
  return { code: EXIT.refused, lines, answer: error.fields };
}

const trace = ({ code, status, requestId }: BillingError): string =>
  `(${[code, status || '', requestId ? `request ${requestId}` : ''].filter(Boolean).join(', ')})`;

function away(error: BillingError, settings: Settings | undefined, writing: Service['writing']): Told {
  const { status } = error;
  const lines =
    status === 0
      ? [
          `No answer from ${settings?.url} (${harmless(error.message)}).`,
          'Is it running, and is that its address?  farebox doctor',
        ]
      : [`The service could not do it now: ${harmless(error.message)}`, trace(error)];
  if (writing) lines.push(...unknownOutcome(writing));
  return { code: EXIT.away, lines, ...(status === 0 ? {} : { answer: error.fields }) };
}

function unknownOutcome({ key, once }: NonNullable<Service['writing']>): string[] {
  if (once) return ['It is not known whether it was done: look before you run it again.'];
  return [
    'It is not known whether it was done. Run the same command once more with',
    `  --idempotency-key ${key}`,
    'added: it is then done once, whatever came of this try.',
  ];
}
