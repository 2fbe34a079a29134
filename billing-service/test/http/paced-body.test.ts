import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import t from 'tap';
import { until } from '../../../common/test/support/until.js';
import { pacedBody } from '../../src/http/paced-body.js';

const PIECE = 'x'.repeat(64 * 1024);
const ENDLESS = Number.MAX_SAFE_INTEGER;

/** Serves one body, and tells how much of it was made and how it ended. */
async function serve(pieces: number, bounds: { stalledMs?: number; longestMs?: number }) {
  const state = { made: 0, isOver: false, hasEnded: false };
  async function* texts(): AsyncGenerator<string, void> {
    try {
      for (; state.made < pieces; state.made++) yield PIECE;
    } finally {
      state.isOver = true;
    }
  }
  const server: Server = createServer((_request, response) => {
    const body = pacedBody(
      'first',
      texts(),
      () => {
        state.hasEnded = true;
      },
      bounds,
    );
    pipeline(body, response, () => {});
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close());
  t.teardown(() => server.closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const request = get({ port, agent: false });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  answer.on('error', () => {});
  return { state, answer };
}

t.test('what is read to its end is whole', async (t) => {
  const { state, answer } = await serve(3, {});
  let length = 0;
  for await (const piece of answer) length += (piece as Buffer).length;
  t.equal(length, 'first'.length + 3 * PIECE.length);
  t.strictSame([answer.complete, state.made], [true, 3]);
  await until(() => state.hasEnded);
  t.ok(state.isOver);
});

t.test('nothing is made that nobody reads; who reads nothing for long is cut off', async (t) => {
  const { state, answer } = await serve(ENDLESS, { stalledMs: 2_000 });
  answer.pause();
  await until(() => state.hasEnded);
  t.ok(state.isOver, 'it ended by itself');
  t.ok(state.made < 20_000, `${state.made} pieces were made for nobody`);
  answer.resume();
  await until(() => answer.closed);
  t.notOk(answer.complete, 'and it has no end');
});

t.test('who goes away ends it', async (t) => {
  const { state, answer } = await serve(ENDLESS, {});
  answer.resume();
  await once(answer, 'data');
  answer.destroy();
  await until(() => state.hasEnded);
  t.ok(state.isOver);
});

t.test('it goes on for a bounded time, however well it is read', async (t) => {
  const { state, answer } = await serve(ENDLESS, { longestMs: 1_500 });
  answer.resume();
  await until(() => answer.closed);
  t.notOk(answer.complete);
  await until(() => state.hasEnded);
  t.ok(state.isOver);
});

t.test('one that nobody ever reads ends as well', async (t) => {
  let hasEnded = false;
  async function* none(): AsyncGenerator<string, void> {}
  pacedBody(
    'first',
    none(),
    () => {
      hasEnded = true;
    },
    { stalledMs: 1_000 },
  ).on('error', () => {});
  await until(() => hasEnded);
  t.ok(hasEnded);
});
