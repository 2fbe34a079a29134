/** The service, or a contender, as a process of its own with settings from the environment alone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ThrowawayServers } from './throwaway-servers.js';

export const ADMIN_KEY = 'the-admin-key-of-a-benchmark-that-keeps-nothing';
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

export interface ServiceProcess {
  name: string;
  url: string;
  /** Undefined for contenders, which have none. */
  metricsUrl: string | undefined;
  pid: number;
  stop(): Promise<void>;
}

export interface Program {
  name: string;
  /** The compiled file and its arguments. */
  argv: string[];
  env: Readonly<Record<string, string>>;
}

/** Resolves when it listens; rejects with what it printed where it does not. */
export async function startService(servers: ThrowawayServers, program: Program): Promise<ServiceProcess> {
  const cwd = join(servers.folder, program.name);
  mkdirSync(cwd, { recursive: true });
  const child = spawn(process.execPath, program.argv, {
    // In a folder of its own: no .env file of yours gets in.
    cwd,
    env: {
      PATH: process.env.PATH ?? '',
      ...{
        PORT: '0',
        METRICS_PORT: '0',
        LOG_LEVEL: 'error',
        ADMIN_API_KEY: ADMIN_KEY,
        DATA_DIR: join(cwd, 'data'),
      },
      ...program.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  child.unref();
  if (child.pid) servers.register(child.pid);
  const { url, metricsUrl } = await listening(child, program.name);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    const ended = once(child, 'exit', { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) });
    child.kill('SIGTERM');
    await ended.catch(() => child.kill('SIGKILL'));
  };
  return { name: program.name, url, metricsUrl, pid: child.pid as number, stop };
}

function listening(
  child: ChildProcess,
  name: string,
): Promise<{ url: string; metricsUrl: string | undefined }> {
  let said = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} does not listen:\n${said}`)), START_TIMEOUT_MS);
    const look = (text: string) => {
      said = `${said}${text}`.slice(-8000);
      const url = /listens at (http:\/\/\S+)/.exec(said)?.[1];
      if (!url) return;
      clearTimeout(timer);
      // The banner is written at once, so that the line about metrics is here too.
      resolve({ url, metricsUrl: /Metrics: (http:\/\/\S+)\/metrics/.exec(said)?.[1] });
    };
    child.stdout?.setEncoding('utf8').on('data', look);
    child.stderr?.setEncoding('utf8').on('data', look);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}:\n${said}`)));
  });
}
