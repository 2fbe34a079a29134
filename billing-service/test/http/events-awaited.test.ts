/** Many who wait at the feed for what seldom comes: what happens meanwhile costs the database nothing on their account. */
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { EventNews } from '../../src/domain/events/event-news.js';
import { grant, toldApp } from './told-app.js';

const WAITING = 60;
t.setTimeout(240_000);

t.test('an event wakes those whose filter it passes, and nobody else', async (t) => {
  const app = await toldApp(t);
  const { services, call } = app;
  await grant(app);
  await app.tell();
  const { nextCursor } = (await call('GET', '/events')).body;
  let reads = 0;
  const page = services.events.page.bind(services.events);
  services.events.page = (wish) => {
    reads += 1;
    return page(wish);
  };
  const wait = (filter: string) => call('GET', `/events?wait=25&after=${nextCursor}&${filter}`);
  const others = Array.from({ length: WAITING }, (_, i) =>
    wait(i % 2 === 0 ? 'types=webhook.disabled,tier.changed' : 'user=web:somebody-else'),
  );
  const mine = [
    wait('types=tokens.granted'),
    wait('user=web:told'),
    wait('user=web:told&types=tokens.granted'),
  ];
  while (services.news.waiting < WAITING + mine.length) await sleep(10);
  t.equal(reads, WAITING + mine.length, 'each has looked once');

  await grant(app, { amount: 7 });
  await app.tell();
  for (const { body } of await Promise.all(mine)) {
    t.match(body.items, [{ type: 'tokens.granted', data: { amount: 7 } }]);
  }
  t.equal(reads, WAITING + 2 * mine.length);
  t.equal(services.news.waiting, WAITING, 'the others wait on');

  const bought = { user: 'web:somebody-else', amount: 1, source: 'promo', reason: 'test' };
  await call('POST', '/tokens/grant', { body: bought, headers: { 'idempotency-key': 'else' } });
  await call('PUT', '/users/web:somebody-else/tier', { body: { tier: 'professional' } });
  await app.tell();
  const changed = await Promise.all(others.filter((_, i) => i % 2 === 0));
  t.same(
    [...new Set(changed.map(({ body }) => body.items.map(({ type }: { type: string }) => type).join()))],
    ['tier.changed'],
  );
  services.news.close();
  const left = await Promise.all(others);
  t.same(new Set(left.map(({ status }) => status)), new Set([200]));
});

const headsUpTo = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ position: i + 1, type: 'tokens.granted', userId: 1 }));

/** What is waited for here keeps no process alive by itself. */
function stayAlive(t: { teardown(fn: () => void): unknown }): void {
  const timer = setInterval(() => {}, 1_000);
  t.teardown(() => clearInterval(timer));
}

t.test('a crowd of events that nobody waits for hides none that somebody does', async (t) => {
  stayAlive(t);
  const heads = [...headsUpTo(1_001), { position: 1_002, type: 'tier.changed', userId: 1 }];
  let asked = 0;
  const news = new EventNews({
    last: async () => 1_002,
    heads: async (after, limit) => {
      asked += 1;
      return heads.slice(after, after + limit);
    },
  });
  const untilMs = performance.now() + 120_000;
  const wait = (awaited: object) => news.wait(0, awaited, untilMs, { untilMs, isOver: () => false });
  const [mine, other] = [wait({ types: ['tier.changed'], userId: 1 }), wait({ userId: 2 })];
  t.equal(await mine, true);
  t.ok(asked > 1 && asked < 20, `in ${asked} pages, each read once for all`);
  t.equal(news.waiting, 1);
  news.close();
  t.equal(await other, false);
});

t.test('who comes while others are looked for misses nothing of what was before', async (t) => {
  stayAlive(t);
  const heads = headsUpTo(20);
  const untilMs = performance.now() + 120_000;
  const patience = { untilMs, isOver: () => false };
  let late: Promise<boolean> | undefined;
  const news: EventNews = new EventNews({
    last: async () => 20,
    heads: async (after, limit) => {
      late ??= news.wait(5, { userId: 1 }, untilMs, patience);
      return heads.slice(after, after + limit);
    },
  });
  const first = news.wait(19, { userId: 1 }, untilMs, patience);
  t.equal(await first, true);
  t.equal(await late, true);
});
