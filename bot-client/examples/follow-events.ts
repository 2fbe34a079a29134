/**
 * A worker that reads the feed and never misses an event: `node dist/bot-client/examples/follow-events.js`, with
 * FAREBOX_URL and a key of scope `events` in FAREBOX_API_KEY. Where it has come to is kept in CURSOR_FILE.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { BillingClient, type Event } from 'farebox/billing-client';

const { FAREBOX_URL = 'http://127.0.0.1:3000', FAREBOX_API_KEY = '' } = process.env;
const { CURSOR_FILE = 'farebox-events.cursor' } = process.env;

/** Yours: a mail, a message, a row. It may see an event a second time, with the same `id`, after a crash. */
async function handle({ id, type, data }: Event): Promise<void> {
  console.log(`${id} ${type} ${JSON.stringify(data)}`);
}

/** Whole or not at all: a cursor cut in two would be none. */
function keep(cursor: string): void {
  writeFileSync(`${CURSOR_FILE}.new`, cursor);
  renameSync(`${CURSOR_FILE}.new`, CURSOR_FILE);
}

const after = existsSync(CURSOR_FILE) ? readFileSync(CURSOR_FILE, 'utf8') : undefined;
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

const billing = new BillingClient({ url: FAREBOX_URL, apiKey: FAREBOX_API_KEY });
const pages = billing.events.follow({ signal: stop.signal, ...(after === undefined ? {} : { after }) });
for await (const { events, cursor } of pages) {
  for (const event of events) await handle(event);
  keep(cursor);
}
await billing.close();
