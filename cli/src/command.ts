import type { ExitCode } from './exit-codes.js';
import type { Input } from './input/input.js';
import type { LocalTimes } from './output/local-times.js';
import type { Terminal } from './output/terminal.js';
import type { Answer, Service, Write } from './service.js';
import type { Settings } from './settings.js';

export interface Argument<Name extends string = string> {
  name: Name;
  what: string;
  optional?: true;
  choices?: readonly string[];
}

export interface Option {
  /** What stands for its value in the help; absent: it is there or not. */
  value?: string;
  what: string;
  short?: string;
  choices?: readonly string[];
}

/** What a command is given to do its work. */
export interface Context<Name extends string = string> {
  input: Input<Name>;
  service: Service;
  settings: Settings;
  terminal: Terminal;
  times: LocalTimes;
  isJson: boolean;
  /** The answer itself with --json, or the lines for people. */
  show(answer: Answer<unknown>, lines: () => string[]): void;
  /** The reason and the key of a write; asks for the reason where one is lacking and somebody is there. */
  write(once?: 'once'): Promise<Write>;
  /** What takes something away is asked back where somebody is there; throws where they say no. */
  confirm(question: string): Promise<void>;
}

/** One command: its words, and what it does. Help, completion and docs/cli.md are made of these. */
export interface Command {
  /** `payments refund` */
  name: string;
  summary: string;
  details?: string;
  arguments: readonly Argument[];
  options: Readonly<Record<string, Option>>;
  /** It changes something; `needed`: not without a reason. */
  writes?: 'needed' | 'optional';
  /** It talks to the service. */
  isLocal?: true;
  examples: readonly string[];
  run(context: Context): Promise<ExitCode | undefined>;
}

interface Described<A extends string, O extends string> {
  name: string;
  summary: string;
  details?: string;
  arguments?: readonly Argument<A>[];
  options?: Readonly<Record<O, Option>>;
  writes?: 'needed' | 'optional';
  isLocal?: true;
  examples?: readonly string[];
  run(context: Context<A | O>): Promise<ExitCode | undefined> | Promise<void>;
}

/** Of a write, besides its own. */
export const WRITE_OPTIONS: Record<'reason' | 'idempotency-key', Option> = {
  reason: { value: 'TEXT', what: 'Why, for the audit log; asked for where it is left out.' },
  'idempotency-key': { value: 'KEY', what: 'The key of an earlier run whose answer was lost.' },
};

/** Lets the compiler see which arguments and options `run` may read. */
export function command<A extends string = never, O extends string = never>(
  described: Described<A, O>,
): Command {
  const { arguments: args = [], options = {}, examples = [], run, ...rest } = described;
  return {
    ...{ ...rest, arguments: args, examples },
    options: { ...options, ...(described.writes ? WRITE_OPTIONS : {}) },
    run: async (context) => (await run(context as unknown as Context<A | O>)) ?? undefined,
  };
}
