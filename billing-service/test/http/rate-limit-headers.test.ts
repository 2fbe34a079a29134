import t from 'tap';
import type { LimitDecision } from '../../src/domain/ports/limit-store.js';
import { rateLimitHeaders } from '../../src/http/rate-limit-headers.js';

const now = 1_000_000;
const all = {
  name: 'all',
  operation: '*',
  limit: 10,
  windowSeconds: 60,
  remaining: 0,
  resetAt: now + 60_000,
};
const decision: LimitDecision = {
  allowed: false,
  checkId: 'x',
  tier: 'gift',
  operation: 'chat',
  limit: 10,
  remaining: 0,
  resetAt: now + 60_000,
  retryAfter: 42,
  policies: [{ ...all, moreAt: now + 41_001 }],
  degraded: false,
  repeated: false,
};

t.test('a denial: the policy, what remains, the seconds until there is more, and Retry-After', async (t) => {
  t.strictSame(rateLimitHeaders(decision, now), {
    'ratelimit-policy': '"all";q=10;w=60',
    ratelimit: '"all";r=0;t=42',
    'retry-after': '42',
  });
});

t.test('several policies are a list; an admission has no Retry-After', async (t) => {
  const own = { ...all, name: 'chat', operation: 'chat', limit: 5, windowSeconds: 3600, remaining: 4 };
  const policies = [
    { ...all, remaining: 9, moreAt: now + 60_000 },
    { ...own, moreAt: now + 1 },
  ];
  t.strictSame(rateLimitHeaders({ ...decision, allowed: true, retryAfter: 0, policies }, now), {
    'ratelimit-policy': '"all";q=10;w=60, "chat";q=5;w=3600',
    ratelimit: '"all";r=9;t=60, "chat";r=4;t=1',
  });
});

t.test('no policies, no fields', async (t) => {
  t.strictSame(rateLimitHeaders({ ...decision, allowed: true, policies: [] }, now), {});
});
