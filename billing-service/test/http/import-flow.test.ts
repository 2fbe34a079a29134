/** An import takes lines as they come: for long, but not for ever, and no faster than they are kept. */
import { request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { importUsers } from '../../src/domain/moving/import-users.js';
import { SeenReferences } from '../../src/domain/moving/seen-references.js';
import { flowingBody } from '../../src/http/imports/flowing-body.js';
import { linesOf } from '../../src/http/imports/read-lines.js';
import { answerOf, bodyOf } from '../support/import-lines.js';
import { ADMIN_KEY, type TestApp, testApp } from '../support/test-app.js';
import { TEST_AUTHOR } from '../support/test-author.js';

t.setTimeout(240_000);
const ANSWER_WITHIN_MS = 300;

async function listening({ app }: TestApp): Promise<number> {
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
}

/** Sends the parts with a pause before each but the first; an endless body where `ends` is false. */
function send(
  port: number,
  path: string,
  parts: string[],
  { pauseMs = 0, ends = true, key = ADMIN_KEY, type = 'application/x-ndjson' } = {},
) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': type };
    const sent = request({ port, path, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    void (async () => {
      for (const [i, part] of parts.entries()) {
        if (i > 0) await sleep(pauseMs);
        sent.write(part);
      }
      if (ends) sent.end();
    })();
  });
}

/** Sends a space now and then until the connection is closed; what it was told. */
function drip(port: number, head: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(head));
    const timer = setInterval(() => socket.write(' '), 50);
    let text = '';
    socket.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(timer);
      resolve(text);
    });
  });
}

t.test('a body that takes longer than any answer may is taken to its end', async (t) => {
  const app = await testApp(t, { answerWithinMs: ANSWER_WITHIN_MS, bodyWithinMs: 2 * ANSWER_WITHIN_MS });
  const port = await listening(app);
  const parts = Array.from({ length: 8 }, (_, i) => bodyOf([{ user: `telegram:${i}`, tokensBalance: i }]));
  // Lines are cut where the network cuts them.
  const cut = parts.flatMap((part) => [part.slice(0, 9), part.slice(9)]);
  const { status, text } = await send(port, '/import/users', cut, { pauseMs: ANSWER_WITHIN_MS / 2 });
  t.match(answerOf(status, text), { status: 200, problems: [], summary: { imported: 8 } });
});

t.test('any other body has to come in time, also where its answer was given before', async (t) => {
  const app = await testApp(t, { answerWithinMs: ANSWER_WITHIN_MS, bodyWithinMs: 3 * ANSWER_WITHIN_MS });
  const port = await listening(app);
  const json = { ends: false, type: 'application/json' };
  const slow = await send(port, '/tokens/quote', ['{'], json);
  t.match({ ...slow, body: JSON.parse(slow.text) }, { status: 408, body: { code: 'request-timeout' } });
  for (const [path, type] of [
    ['/tokens/quote', 'application/json'],
    ['/import/users', 'application/x-ndjson'],
  ]) {
    const head = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: 100000\r\n\r\n`;
    t.match(
      await drip(port, head),
      /^HTTP\/1.1 401 /,
      'who has no key is answered, and cannot stay by sending on',
    );
  }
});

t.test('only NDJSON is an import’s', async (t) => {
  const { call } = await testApp(t);
  const json = await call('POST', '/import/users', { body: { user: 'telegram:1' } });
  t.match(json, { status: 415, body: { code: 'unsupported-media-type', detail: /application\/x-ndjson/ } });
  const other = await call('POST', '/tokens/quote', {
    body: '{"user":"telegram:1","operation":"chatgpt_message"}',
    headers: { 'content-type': 'application/x-ndjson' },
  });
  t.match(other, { status: 415, body: { detail: /application\/json/ } });
  t.match(await call('POST', '/import/users'), { status: 400, body: { errors: [{ field: 'body' }] } });
  const headers = { 'content-type': 'application/x-ndjson' };
  t.match(await call('POST', '/import/users?dryRun=perhaps', { body: '{}', headers }), { status: 400 });
});

t.test('who sends nothing more is given up, and who has left is, too', async (t) => {
  const silent = new Readable({ read: () => {} });
  silent.push('{"user":"telegram:1"}\n{"us');
  const read = async (body: Readable) => {
    const lines: unknown[] = [];
    for await (const some of linesOf(flowingBody(body, { stalledMs: 200 }))) lines.push(...some);
    return lines;
  };
  await t.rejects(read(silent), { code: 'request-timeout' });
  const cut = new Readable({ read: () => {} });
  cut.push('{"user":"telegram:1"}\n');
  setImmediate(() => cut.destroy(new Error('aborted')));
  await t.rejects(read(cut), { code: 'invalid-request' });
});

t.test('lines are lines however they are cut, ended, marked or long', async (t) => {
  const read = async (text: string, size: number, max = 20) => {
    const bytes = Buffer.from(text, 'latin1');
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    const lines: unknown[] = [];
    for await (const some of linesOf(Readable.from(pieces), max)) lines.push(...some);
    return lines;
  };
  const text = `\xef\xbb\xbfone\r\n\n${'x'.repeat(21)}\n${'y'.repeat(20)}\n\xff\n \nlast`;
  for (const size of [1, 2, 3, 7, 100]) {
    t.strictSame(await read(text, size), [
      { line: 1, text: 'one\r' },
      { line: 3, fault: 'must have at most 20 bytes' },
      { line: 4, text: 'y'.repeat(20) },
      { line: 5, fault: 'must be UTF-8' },
      { line: 7, text: 'last' },
    ]);
  }
});

t.test('no more is read than is kept: a file of any length takes the same memory', async (t: Test) => {
  const { services } = await testApp(t);
  let read = 0;
  let kept = 0;
  let most = 0;
  async function* pages() {
    for (let page = 0; page < 300; page++) {
      read += 100;
      most = Math.max(most, read - kept);
      yield Array.from({ length: 100 }, (_, i) => {
        const user = `telegram:${page * 100 + i}`;
        const nothing = { username: null, firstName: null, locale: null, createdAt: null, periodEnd: null };
        const said = { ...nothing, paidUntil: null, channelSubscribedAt: null, tokensBalance: 1 };
        return {
          line: page * 100 + i + 1,
          said: { ...said, tier: 'gift', tokensSpent: 0, references: [user] },
        };
      });
    }
  }
  const imports = {
    bring: async (wanted: readonly unknown[]) => {
      kept += wanted.length;
      return wanted.map(() => ({ status: 'imported' as const }));
    },
    note: async () => {},
  };
  const calls = { clock: services.clock, catalogue: services.catalogue, imports };
  const lines = importUsers(calls, pages(), { dryRun: false, author: TEST_AUTHOR });
  t.match(await lines.next(), { done: true, value: { imported: 30_000 } });
  t.ok(most <= 100, `${most} lines at a time`);
});

t.test('what stood on an earlier line is known, up to a bound', async (t) => {
  const seen = new SeenReferences(50_000);
  const names = Array.from({ length: 60_000 }, (_, i) => `telegram:${i}`);
  t.ok(names.every((name, i) => seen.note(name, i + 1) === 0));
  t.ok(names.every((name, i) => seen.note(name, 99_999) === (i < 50_000 ? i + 1 : 0)));
});
