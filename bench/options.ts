/** What `npm run bench -- …` takes. */
import { parseArgs } from 'node:util';
import { CASES } from './cases.js';

export const USAGE = `npm run bench -- [options]
  --quick                  less of everything, under 3 minutes
  --only reserve,commit    these cases alone: ${CASES.map(({ name }) => name).join(', ')}
  --rounds 5               rounds of every case
  --seconds 3              of one round
  --connections 64,256     one after the other
  --against <folder>       the service of another checkout (built: npm run build) beside this one, same cases
  --name <name>            of the results' file, bench/results/<name>.json`;

export interface Options {
  quick: boolean;
  /** Names of cases; undefined: all of them. */
  only: string[] | undefined;
  rounds: number;
  seconds: number;
  connections: number[];
  /** A checkout's folder. */
  against: string | undefined;
  name: string | undefined;
}

/** What is wrong with the command line, in one line. */
export class OptionError extends Error {}

export function readOptions(args: string[]): Options {
  const { values } = parseValues(args);
  const quick = values.quick ?? false;
  const only = values.only?.split(',');
  const unknown = only?.find((name) => !CASES.some((known) => known.name === name));
  if (unknown !== undefined) throw new OptionError(`--only: there is no case "${unknown}"\n${USAGE}`);
  return {
    quick,
    only,
    rounds: wholeNumber('rounds', values.rounds, 5),
    seconds: wholeNumber('seconds', values.seconds, quick ? 1 : 4),
    connections: (values.connections ?? '64,256')
      .split(',')
      .map((text) => wholeNumber('connections', text, 64)),
    against: values.against,
    name: values.name,
  };
}

function parseValues(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      options: {
        quick: { type: 'boolean' },
        ...{ only: text, rounds: text, seconds: text, connections: text, against: text, name: text },
      },
    });
  } catch (error) {
    throw new OptionError(`${(error as Error).message}\n${USAGE}`);
  }
}

function wholeNumber(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new OptionError(`--${option}: "${text}" is no whole number from 1`);
  return Number(text);
}
