/** The real program in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('../../src/server.js', import.meta.url));
const START_TIMEOUT_MS = 120_000;
/** The last line of an embedded start's banner, or of a bad one's error. */
const STARTED = /^curl .*$/m;

export interface ServiceProcess {
  process: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves with the exit code. */
  exited: Promise<number | null>;
  /** Resolves when the banner is complete; rejects where it ends before. */
  started(): Promise<string>;
  /** From the banner. */
  url(): string;
}

type Teardown = { teardown(fn: () => Promise<void> | void): unknown };

export function freshFolder(t: Teardown): string {
  const folder = mkdtempSync(join(tmpdir(), 'farebox-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts it with only these settings, on free ports; killed at the end of the test where it still runs. */
export function startService(t: Teardown, settings: Record<string, string>, cwd: string): ServiceProcess {
  const env = { PATH: process.env.PATH, PORT: '0', METRICS_PORT: '0', LOG_LEVEL: 'warn', ...settings };
  const child = spawn(process.execPath, [SERVER], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const exited = once(child, 'close').then(([code]) => code as number | null);
  t.teardown(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return {
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    exited,
    started: async () => {
      const deadline = Date.now() + START_TIMEOUT_MS;
      while (!STARTED.test(stdout)) {
        if (child.exitCode !== null || Date.now() > deadline) throw new Error(`no start: ${stdout}${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return stdout;
    },
    url: () => /listens at (\S+)/.exec(stdout)?.[1] ?? '',
  };
}
