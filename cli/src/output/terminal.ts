import { createInterface } from 'node:readline/promises';
import type { Environment } from '../../../common/src/settings.js';
import { Paint } from './paint.js';

const DEFAULT_WIDTH = 80;

/** Where the command is read: people at a terminal, or another program. */
export class Terminal {
  /** Answers go to stdout; all else to stderr, so that a pipe gets nothing but answers. */
  readonly paint: Paint;
  readonly notePaint: Paint;
  readonly isPiped: boolean;
  /** Somebody sees what goes to stderr as it happens. */
  readonly isWatched: boolean;

  constructor(environment: Environment, hasColour: boolean) {
    const wanted = hasColour && !environment.NO_COLOR && environment.TERM !== 'dumb';
    this.isPiped = !process.stdout.isTTY;
    this.isWatched = Boolean(process.stderr.isTTY);
    this.paint = new Paint(wanted && !this.isPiped);
    this.notePaint = new Paint(wanted && this.isWatched);
  }

  /** Undefined: nobody's screen, so nothing is cut. */
  get width(): number | undefined {
    return this.isPiped ? undefined : process.stdout.columns || DEFAULT_WIDTH;
  }

  get noteWidth(): number {
    return process.stderr.columns || DEFAULT_WIDTH;
  }

  print(text: string): void {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** Undefined: nobody is there to be asked. */
  async ask(question: string): Promise<string | undefined> {
    if (!process.stdin.isTTY || !this.isWatched) return undefined;
    const dialog = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return (await dialog.question(question)).trim();
    } finally {
      dialog.close();
    }
  }
}
