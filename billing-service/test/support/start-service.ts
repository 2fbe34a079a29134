/** The service as its users run it: a process of its own, with settings from the environment alone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { usualWay } from './postgres-template.js';
import { optional, type Teardown } from './test-environment.js';

const SERVER = fileURLToPath(new URL('../../src/server.js', import.meta.url));
const START_TIMEOUT_MS = 110_000;
export const PROGRAM_ADMIN_KEY = 'an-admin-key-for-a-service-under-test';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface RunningService {
  url: string;
  metricsUrl: string;
  adminKey: string;
  process: ChildProcess;
  /** What it printed so far. */
  logs(): { stdout: string; stderr: string };
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
  kill9(): Promise<Ended>;
}

export type Settings = Readonly<Record<string, string>>;

/** A folder for DATA_DIR, removed when the test ends. */
export function temporaryFolder(t: Teardown): string {
  const folder = mkdtempSync(join(optional('TEST_RUN_FOLDER') ?? tmpdir(), 'farebox-data-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts it on free ports. Rejects with what it printed when it ends instead of listening. Ended with the test. */
export async function startService(t: Teardown, settings: Settings = {}): Promise<RunningService> {
  const dataDir = settings.DATA_DIR ?? temporaryFolder(t);
  const run = spawnService(t, { ADMIN_API_KEY: PROGRAM_ADMIN_KEY, DATA_DIR: dataDir, ...settings });
  const { url, metricsUrl } = await listening(run);
  return {
    url,
    metricsUrl,
    adminKey: settings.ADMIN_API_KEY ?? PROGRAM_ADMIN_KEY,
    process: run.child,
    logs: run.logs,
    stop: async (signal = 'SIGTERM') => {
      run.child.kill(signal);
      return run.ended;
    },
    kill9: async () => {
      run.child.kill('SIGKILL');
      return run.ended;
    },
  };
}

/** A start that is expected to fail: how it ended and what it said. */
/** `through`: a command that starts the one behind it, such as `unshare -n`. */
export async function failingStart(
  t: Teardown,
  settings: Settings,
  through: string[] = [],
): Promise<Ended & { stderr: string }> {
  const run = spawnService(t, settings, through);
  const ended = await run.ended;
  return { ...ended, stderr: run.logs().stderr };
}

interface Run {
  child: ChildProcess;
  ended: Promise<Ended>;
  logs(): { stdout: string; stderr: string };
}

function spawnService(t: Teardown, settings: Settings, through: string[] = []): Run {
  const logs = { stdout: '', stderr: '' };
  const [program = '', ...rest] = [...through, process.execPath, '--enable-source-maps', SERVER];
  const child = spawn(program, rest, {
    // In an empty folder: no .env file of yours gets in.
    cwd: settings.DATA_DIR ?? tmpdir(),
    env: {
      PATH: process.env.PATH ?? '',
      LOG_LEVEL: 'warn',
      PORT: '0',
      METRICS_PORT: '0',
      SHUTDOWN_DELAY_MS: '0',
      ...(usualWay() === 'pooler' ? { PG_PREPARED: 'false' } : {}),
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    logs.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    logs.stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }) as Ended);
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, ended, logs: () => ({ ...logs }) };
}

async function listening(run: Run): Promise<{ url: string; metricsUrl: string }> {
  const said = () => `${run.logs().stdout}${run.logs().stderr}`;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not listening yet:\n${said()}`)), START_TIMEOUT_MS);
  });
  const early = run.ended.then(({ code }) => Promise.reject(new Error(`ended with ${code}:\n${said()}`)));
  const printed = new Promise<{ url: string; metricsUrl: string }>((resolve) => {
    const look = () => {
      const url = /listens at (http:\/\/\S+)/.exec(run.logs().stdout)?.[1];
      const metricsUrl = /Metrics: (http:\/\/\S+)/.exec(run.logs().stdout)?.[1];
      if (url && metricsUrl) resolve({ url, metricsUrl });
    };
    run.child.stdout?.on('data', look);
  });
  try {
    return await Promise.race([printed, early, late]);
  } finally {
    clearTimeout(timer);
    early.catch(() => {});
  }
}
