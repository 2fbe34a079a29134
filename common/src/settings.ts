/** How a program reads its settings from the environment; which there are, and their defaults, is its own config.ts. */
import { existsSync } from 'node:fs';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with the settings: a line each, which names the setting and the rule. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}

/** The environment, with what `.env` adds to it: the environment wins. */
export function readEnvironment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

/**
 * Reads settings by name and goes on after a bad one, so that `end` can tell of all of them at once. No value is ever
 * repeated: a secret may have been put in the wrong place.
 */
export class SettingsReader {
  readonly #env: Environment;
  readonly #faults: string[] = [];

  constructor(env: Environment) {
    this.#env = env;
  }

  /** Undefined where it is empty, too: compose files pass what is not set as an empty string. */
  optional(name: string): string | undefined {
    return this.#env[name]?.trim() || undefined;
  }

  text(name: string, otherwise: string): string {
    return this.optional(name) ?? otherwise;
  }

  /** `rule` completes "must be …". */
  matching(name: string, shape: RegExp, rule: string): string | undefined {
    const text = this.optional(name);
    if (text === undefined || shape.test(text)) return text;
    return this.refuse(name, `must be ${rule}`);
  }

  /** One that has no default. */
  required(name: string, shape: RegExp, rule: string): string {
    if (this.optional(name) === undefined) this.refuse(name, `is needed: ${rule}`);
    return this.matching(name, shape, rule) ?? '';
  }

  integer(name: string, otherwise: number, minimum: number, maximum: number): number {
    const rule = `a whole number from ${minimum} to ${maximum}`;
    return this.#numeric(name, /^\d{1,9}$/, minimum, maximum, rule) ?? otherwise;
  }

  number(name: string, minimum: number, maximum: number): number | undefined {
    const rule = `a number from ${minimum} to ${maximum}`;
    return this.#numeric(name, /^\d{1,9}(\.\d{1,9})?$/, minimum, maximum, rule);
  }

  flag(name: string, otherwise: boolean): boolean {
    const text = this.matching(name, /^(true|false)$/, 'true or false');
    return text === undefined ? otherwise : text === 'true';
  }

  choice<T extends string>(name: string, choices: readonly T[], otherwise: T): T {
    const text = this.optional(name);
    if (text === undefined) return otherwise;
    const found = choices.find((choice) => choice === text);
    if (found === undefined) this.refuse(name, `must be one of ${choices.join(', ')}`);
    return found ?? otherwise;
  }

  url(name: string, protocols: string[]): string | undefined {
    return this.#checkedUrl(name, this.optional(name), protocols);
  }

  /** Several with commas between them. */
  urls(name: string, protocols: string[]): string[] {
    const texts = this.optional(name)?.split(',') ?? [];
    return texts.map((text) => this.#checkedUrl(name, text.trim(), protocols) ?? '');
  }

  /** For a rule that one setting alone cannot show; `fault` completes "NAME: …". */
  refuse(name: string, fault: string): undefined {
    const line = `${name}: ${fault}`;
    if (!this.#faults.includes(line)) this.#faults.push(line);
  }

  /** Throws `SettingsError` where anything was refused. */
  end(): void {
    if (this.#faults.length > 0) throw new SettingsError(this.#faults);
  }

  #numeric(name: string, shape: RegExp, minimum: number, maximum: number, rule: string): number | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    const value = shape.test(text) ? Number(text) : Number.NaN;
    return value >= minimum && value <= maximum ? value : this.refuse(name, `must be ${rule}`);
  }

  #checkedUrl(name: string, text: string | undefined, protocols: string[]): string | undefined {
    if (text === undefined) return undefined;
    const isUrl = URL.canParse(text) && protocols.includes(new URL(text).protocol) && !/\s/.test(text);
    return isUrl ? text : this.refuse(name, `must be a URL that begins with ${protocols.join('// or ')}//`);
  }
}
