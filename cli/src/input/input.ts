import { UsageError } from '../usage-error.js';
import { timeOf } from './time-of.js';

export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** What the user typed, by the names of arguments and options. Every fault names the thing and the rule. */
export class Input<Name extends string> {
  readonly #values: Values;
  readonly #command: string;
  /** Options are named as they are typed. */
  readonly #isOption: (name: string) => boolean;

  constructor(values: Values, command: string, isOption: (name: string) => boolean) {
    this.#values = values;
    this.#command = command;
    this.#isOption = isOption;
  }

  flag(name: Name): boolean {
    return this.#values[name] === true;
  }

  optional(name: Name): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  text(name: Name): string {
    return this.optional(name) ?? this.refuse(name, 'is needed');
  }

  /** A whole number; thousands may be set apart: 1,000 or 1_000. */
  integer(name: Name, minimum: number, maximum: number): number | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    const plain = text
      .replace(/^[+]/, '')
      .replace(/^[-−]/, '-')
      .replace(/(?<=\d)[,_](?=\d{3})/g, '');
    const number = /^-?\d{1,15}$/.test(plain) ? Number(plain) : Number.NaN;
    if (number >= minimum && number <= maximum) return number;
    const range = `${minimum.toLocaleString('en-US')} to ${maximum.toLocaleString('en-US')}`;
    return this.refuse(name, `must be a whole number from ${range}`);
  }

  choice<T extends string>(name: Name, choices: readonly T[]): T | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    const found = choices.find((choice) => choice === text);
    return found ?? this.refuse(name, `must be one of ${choices.join(', ')}`);
  }

  /** With commas between them. */
  list(name: Name): string[] | undefined {
    return this.optional(name)
      ?.split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }

  /** `direction`: whether `3d` is three days ago or ahead. */
  time(name: Name, direction: 'ago' | 'ahead'): string | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    const rule = 'must be a time such as 2026-11-30, 2026-11-30T12:00, 2026-11-30T12:00:00Z or 3d';
    return timeOf(text, direction)?.toISOString() ?? this.refuse(name, rule);
  }

  refuse(name: Name, rule: string): never {
    const typed = this.#isOption(name) ? `--${name}` : name.toUpperCase();
    throw new UsageError(`${typed} ${rule}.`, this.#command);
  }
}
