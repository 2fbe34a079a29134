/** How the command ends; docs/cli.md lists them from here. */
export const EXIT = {
  ok: 0,
  refused: 1,
  usage: 2,
  away: 3,
  trouble: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_WORDS: [ExitCode, string][] = [
  [EXIT.ok, 'Done.'],
  [EXIT.refused, 'The service refused it, and says why. Nothing was done.'],
  [EXIT.usage, 'The command was wrong: unknown, incomplete, or a setting is not valid. Nothing was sent.'],
  [
    EXIT.away,
    'No answer, or none that counts. Of a write it is not known whether it was done; try it again.',
  ],
  [
    EXIT.trouble,
    'It was done, and something is wrong: `audit` or `doctor` found it, or lines were not imported.',
  ],
  [EXIT.interrupted, 'Ended by Ctrl-C.'],
];
