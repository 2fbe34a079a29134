/**
 * A web app whose chat costs tokens, with streaming and Stop: `node dist/bot-client/examples/web-chat.js`, with
 * FAREBOX_URL and a key of scopes `tokens` and `users` in FAREBOX_API_KEY; then open http://127.0.0.1:8080.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { BillingClient, BillingError, MeteringClient, WorkFailed } from 'farebox/billing-client';
import Fastify, { type FastifyRequest } from 'fastify';

const { FAREBOX_URL = 'http://127.0.0.1:3000', FAREBOX_API_KEY = '', PORT = '8080' } = process.env;
const OPERATION = 'chatgpt_message';
const PAGE = readFileSync(new URL('web-chat.html', import.meta.url), 'utf8');
/** Up to so many words for one token, at most what was held. */
const WORDS_A_TOKEN = 4;

const billing = new BillingClient({ url: FAREBOX_URL, apiKey: FAREBOX_API_KEY });
const metering = new MeteringClient(billing);
/** At the end answers break off, and cost what was read of them. */
const app = Fastify({ forceCloseConnections: true });

/** Yours: any model that gives its answer piece by piece. */
async function* ask(question: string, signal: AbortSignal): AsyncGenerator<string> {
  for (const word of `You asked: ${question}. Here would be the answer of your model, word by word.`.split(
    ' ',
  )) {
    await pause(150, undefined, { signal });
    yield `${word} `;
  }
}

/** A visitor is known by a cookie here; in your app by the account. */
const visitorOf = ({ headers }: FastifyRequest) => /visitor=([\w-]+)/.exec(headers.cookie ?? '')?.[1];

app.get('/', (request, reply) => {
  const visitor = visitorOf(request) ?? randomUUID();
  reply.header('set-cookie', `visitor=${visitor}; HttpOnly; SameSite=Strict`).type('text/html').send(PAGE);
});

app.get('/balance', async (request) => {
  const visitor = visitorOf(request);
  if (!visitor) return { total: 0 };
  await billing.putUser(`web:${visitor}`, {});
  return billing.balance(`web:${visitor}`);
});

/** Streams the answer. Stop is the browser closing the connection: what was read until then is paid, the rest is not. */
app.post('/chat', (request, reply) => {
  const visitor = visitorOf(request);
  if (!visitor) return reply.code(400).send('Open the page first.');
  const stop = new AbortController();
  reply.raw.once('close', () => stop.abort());
  const answer = new Readable({ read() {} });
  reply.type('text/plain; charset=utf-8').send(answer);
  chat(`web:${visitor}`, String(request.body), (text) => answer.push(text), stop.signal)
    .catch(inWords)
    .then(
      (last) => {
        answer.push(last);
        answer.push(null);
      },
      (error) => answer.destroy(error),
    );
});

async function chat(user: string, question: string, show: (text: string) => void, signal: AbortSignal) {
  const { cost } = await metering.withTokens(
    user,
    OPERATION,
    async ({ reservation }) => {
      let words = 0;
      try {
        for await (const word of ask(question, signal)) {
          show(word);
          words++;
        }
      } catch (error) {
        // Stopped, or broken off, before anything was to be read: nothing is charged.
        if (words === 0 || !signal.aborted) throw error;
      }
      return { value: words, cost: Math.min(reservation.amount, Math.ceil(words / WORDS_A_TOKEN)) };
    },
    { signal },
  );
  return `\n\nThat cost ${cost} tokens.`;
}

function inWords(error: unknown): string {
  if (error instanceof WorkFailed) return '\n\nThat did not work, and cost nothing.';
  if (!(error instanceof BillingError)) return 'That did not work.';
  if (error.code === 'insufficient-tokens') return `You are ${error.figure('deficit')} tokens short.`;
  if (error.code === 'rate-limited') return 'Too fast; try again in a moment.';
  return 'The token service is away; nothing was charged.';
}

console.log(`Open ${await app.listen({ port: Number(PORT), host: '127.0.0.1' })}`);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await app.close();
await metering.stop();
await billing.close();
