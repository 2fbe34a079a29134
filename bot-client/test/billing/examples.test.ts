/** The examples of docs/client.md run as they are, each as a process of its own, against the real service. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { testService } from '../support/test-service.js';

t.setTimeout(180_000);

interface Running {
  process: ChildProcess;
  /** What it prints, line by line. */
  lines: AsyncIterator<string>;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

function run(t: Test, example: string, env: Record<string, string>): Running {
  const program = fileURLToPath(new URL(`../../examples/${example}.js`, import.meta.url));
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal);
    await ended;
  };
  t.teardown(() => end('SIGKILL'));
  return { process: child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](), end };
}

async function nextLine({ lines }: Running): Promise<string> {
  return String((await lines.next()).value);
}

t.test('the worker tells every event, goes on where it was, and not again from the start', async (t) => {
  const service = await testService();
  const folder = mkdtempSync(join(tmpdir(), 'farebox-example-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const env = {
    FAREBOX_URL: service.url,
    FAREBOX_API_KEY: await service.admin.newKey(['events']),
    CURSOR_FILE: join(folder, 'cursor'),
  };
  const untilUser = async (worker: Running, user: string): Promise<string[]> => {
    for (const seen: string[] = []; ; ) {
      seen.push(await nextLine(worker));
      if (seen.at(-1)?.includes('tokens.granted') && seen.at(-1)?.includes(user)) return seen;
    }
  };
  const first = run(t, 'follow-events', env);
  await service.give('web:event-one', 10);
  const told = await untilUser(first, 'web:event-one');
  t.ok(told.some((line) => line.includes(' user.created ') && line.includes('web:event-one')));
  while (readCursor(env.CURSOR_FILE) === undefined) await pause(20);
  await first.end('SIGKILL');

  await service.give('web:event-two', 10);
  const second = run(t, 'follow-events', env);
  const later = await untilUser(second, 'web:event-two');
  t.ok(later.some((line) => line.includes(' user.created ') && line.includes('web:event-two')));
  await second.end('SIGTERM');
  t.equal(second.process.exitCode, 0, 'and it ends when it is asked to');
});

function readCursor(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

t.test('the web app streams, charges what was read, and nothing of what failed', async (t) => {
  const service = await testService();
  const key = await service.admin.newKey(['tokens', 'users']);
  const app = run(t, 'web-chat', { FAREBOX_URL: service.url, FAREBOX_API_KEY: key, PORT: '0' });
  const url = /http:\S+/.exec(await nextLine(app))?.[0] as string;
  const page = await fetch(url);
  t.match(await page.text(), /A chat that costs tokens/);
  const cookie = page.headers.get('set-cookie')?.split(';')[0] as string;
  const user = `web:${cookie.split('=')[1]}`;
  const ask = (body: string, signal?: AbortSignal) =>
    fetch(`${url}/chat`, {
      ...{ method: 'POST', body, headers: { cookie, 'content-type': 'text/plain' } },
      ...(signal && { signal }),
    });
  const total = async () => (await service.balance(user)).total;
  const balance = () => fetch(`${url}/balance`, { headers: { cookie } }).then((answer) => answer.json());
  t.match(await balance(), { total: 0 });
  t.equal(await (await ask('hello')).text(), 'You are 5 tokens short.');

  await service.give(user, 100);
  const whole = await (await ask('hello')).text();
  t.match(whole, /^You asked: hello\. .*word by word\.\s+That cost 4 tokens\.$/s);
  t.equal(await total(), 96);
  t.match(await balance(), { total: 96 });

  const stop = new AbortController();
  const stopped = await ask('a long story', stop.signal);
  const reader = (stopped.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  stop.abort();
  while ((await service.balance(user)).reserved > 0) await pause(50);
  const left = await total();
  t.ok(left < 96 && left > 91, `stopped after the first words: ${96 - left} of the 5 that were held`);
  await app.end('SIGTERM');
});
