/** The command as its users run it: a process of its own, with settings from the environment alone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));
/** A zone with a name, another offset than UTC, and no summer time. */
export const ZONE = 'Asia/Tokyo';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
}

interface Where {
  url: string;
  key?: string;
  cwd?: string;
  env?: Record<string, string>;
}

export function startFarebox(args: string[], { url, key, cwd = tmpdir(), env = {} }: Where): Running {
  const child = spawn(process.execPath, ['--enable-source-maps', MAIN, ...args], {
    cwd,
    env: {
      PATH: process.env.PATH ?? '',
      TZ: ZONE,
      FAREBOX_URL: url,
      ...(key ? { FAREBOX_API_KEY: key } : {}),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }));
  return { child, ended };
}

export const runFarebox = (args: string[], where: Where): Promise<Ended> => startFarebox(args, where).ended;
