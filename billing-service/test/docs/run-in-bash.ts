import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Ran {
  output: string;
  /** Of the block's last curl. */
  status: number | undefined;
}

const END = '--- end of block ---';
const STATUS = /^status (\d{3})\n/gm;
/** curl itself, which also tells the status, on stderr: what a user sees stays on stdout. */
const PRELUDE = `curl() { command curl -w '%{stderr}status %{http_code}\\n' "$@"; }\n`;
const TIMEOUT_MS = 120_000;

/** Runs the commands in one shell, one after the other, as someone does who pastes them; `cwd` is where they stand. */
export async function runInBash(commands: string[], cwd: string): Promise<Ran[]> {
  const script = commands.map((command) => `${command}\necho '${END}'; echo '${END}' >&2\n`).join('');
  const shell = spawn('bash', ['-c', PRELUDE + script], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    shell[stream].setEncoding('utf8').on('data', (text: string) => {
      // A header line that was printed ends with CR LF.
      said[stream] += text.replaceAll('\r', '');
    });
  }
  await once(shell, 'close');
  const outputs = said.stdout.split(`${END}\n`);
  const errors = said.stderr.split(`${END}\n`);
  return commands.map((_, i) => {
    const status = [...(errors[i] ?? '').matchAll(STATUS)].at(-1)?.[1];
    return { output: outputs[i] ?? '', status: status === undefined ? undefined : Number(status) };
  });
}
