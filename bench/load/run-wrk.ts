/** Throughput: as many requests as the connections can carry, by wrk, in a process of its own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Load, Measured } from './load.js';

const SCRIPT = fileURLToPath(new URL('./calls.lua', import.meta.url));
/** wrk gives up on an answer after this. */
const ANSWER_TIMEOUT_S = 10;

interface Result {
  requests: number;
  durationUs: number;
  non2xx: number;
  failed: number;
  p50Us: number;
  p99Us: number;
  maxUs: number;
}

/** Resolves with what was measured; rejects where wrk itself failed. */
export async function runWrk(load: Load): Promise<Measured> {
  const { url, key, call, users, choice, connections, seconds, idsFile } = load;
  const args = [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    `--timeout=${ANSWER_TIMEOUT_S}s`,
    '-s',
    SCRIPT,
    url,
  ];
  args.push('--', call, String(users), choice, key, ...(idsFile ? [idsFile] : []));
  const output = await run('wrk', args, load.signal);
  const line = /^RESULT (.*)$/m.exec(output)?.[1];
  if (line === undefined) throw new Error(`wrk gave no result:\n${output}`);
  const result = JSON.parse(line) as Result;
  return {
    requests: result.requests,
    seconds: result.durationUs / 1e6,
    perSecond: result.requests / (result.durationUs / 1e6),
    refused: result.non2xx,
    failed: result.failed,
    p50Ms: result.p50Us / 1000,
    p99Ms: result.p99Us / 1000,
  };
}

function run(program: string, args: string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ended with ${code}:\n${output}`));
    });
  });
}
