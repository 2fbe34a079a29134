/** What `npm run bench -- …` takes. */
import { parseArgs } from 'node:util';
import { CASES } from './cases.js';

/** What is measured besides the cases' throughput. */
export const PARTS = ['lone', 'fixed-rate', 'limiter', 'memory', 'large'] as const;
export type Part = (typeof PARTS)[number];

export const USAGE = `npm run bench -- [options]
  --quick                  less of everything, under 3 minutes
  --only reserve,commit    these alone: ${[...CASES.map(({ name }) => name), ...PARTS].join(', ')}
  --rounds 5               rounds of every case
  --seconds 4              of one round
  --connections 64,256     one after the other
  --against <folder>       the service of another checkout (built: npm run build) in turn with this one, same cases
  --cpu-prof <folder>      profiles of the service, with a summary (it is slower then: look at shares only)
  --name <name>            of the results' file, bench/results/<name>.json`;

export interface Options {
  quick: boolean;
  /** Names of cases and parts; undefined: all of them. */
  only: string[] | undefined;
  rounds: number;
  seconds: number;
  connections: number[];
  /** A checkout's folder. */
  against: string | undefined;
  /** Where the service's profiles go; undefined: none are taken. */
  cpuProf: string | undefined;
  /** Of the results' file. */
  name: string;
}

/** What is wrong with the command line. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

export function readOptions(args: string[]): Options {
  const values = parseValues(args);
  const quick = values.quick ?? false;
  const only = values.only?.split(',');
  const known = new Set<string>([...CASES.map(({ name }) => name), ...PARTS]);
  const unknown = only?.find((name) => !known.has(name));
  if (unknown !== undefined) throw new OptionError(`--only: there is no "${unknown}"\n${USAGE}`);
  const name =
    values.name ?? (only || values.against || values['cpu-prof'] ? 'partial' : quick ? 'quick' : 'full');
  if (!/^[\w-]+$/.test(name)) throw new OptionError('--name: letters, digits, - and _ only');
  return {
    ...{ quick, only, name, against: values.against, cpuProf: values['cpu-prof'] },
    rounds: wholeNumber('rounds', values.rounds, 5),
    seconds: wholeNumber('seconds', values.seconds, quick ? 1 : 4),
    connections: (values.connections ?? '64,256')
      .split(',')
      .map((text) => wholeNumber('connections', text, 64)),
  };
}

/** With a selection of cases the parts are left out, unless they are named too. */
export function isWanted({ only, quick, against }: Options, part: Part): boolean {
  if (only) return only.includes(part);
  return !against && !(quick && part === 'large');
}

function parseValues(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      options: {
        quick: { type: 'boolean' },
        ...{ only: text, rounds: text, seconds: text, connections: text, against: text, name: text },
        'cpu-prof': text,
      },
    }).values;
  } catch (error) {
    throw new OptionError(`${(error as Error).message}\n${USAGE}`);
  }
}

function wholeNumber(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new OptionError(`--${option}: "${text}" is no whole number from 1`);
  return Number(text);
}
