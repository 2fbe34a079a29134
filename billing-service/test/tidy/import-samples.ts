/** Arrows that break a rule of import-rules.ts, and some that do not. */

/** [path, text] */
type Sample = [string, string];

const domain = 'billing-service/src/domain/x.ts';
const http = 'billing-service/src/http/x.ts';

export const BAD_IMPORTS: Sample[] = [
  [domain, `import { x } from '../http/errors.js';`],
  [domain, `import type { Pool } from 'pg';`],
  [domain, `export * from '../stores/postgres/batch.js';`],
  [domain, `const x = await import('fastify');`],
  [domain, `import { readConfig } from '../config.js';`],
  [http, `import { Redis } from 'ioredis';`],
  ['billing-service/src/stores/x.ts', `import type { Redis } from 'ioredis';`],
  [domain, `import type { Bus } from '../stores/bus.js';`],
  ['billing-service/src/domain/ports/x.ts', `import { y } from '../tokens/reserve-tokens.js';`],
  [http, `import { x } from '../stores/check-key.js';`],
  [http, `import { buildApp } from '../app.js';`],
  ['billing-service/src/stores/postgres/x.ts', `import { problem } from '../../http/problem.js';`],
  ['billing-service/src/stores/redis/x.ts', `import fastify from 'fastify';`],
  ['billing-service/src/jobs/x.ts', `import { sql } from 'drizzle-orm';`],
  ['billing-service/src/readers/x.ts', `import { x } from '../stores/postgres/readers/ledger-mark.js';`],
  ['billing-service/src/stores/postgres/x.ts', `import { x } from '../../readers/follow-ledger.js';`],
  [domain, `import { x } from '../readers/follow-ledger.js';`],
  ['billing-service/src/console/x.ts', `import { x } from '../stores/x.js';`],
  [http, `import { x } from '../console/x.js';`],
  ['billing-service/src/x.ts', `import '../test/support/databases.js';`],
  ['billing-service/test/x.ts', `import '../../bot-client/src/log.js';`],
  ['bot-client/src/billing/x.ts', `type X = import('../../../billing-service/src/app.js').App;`],
  ['common/src/x.ts', `import { x } from '../../bot-client/src/log.js';`],
  ['cli/src/x.ts', `import { x } from '../../billing-service/src/config.js';`],
  ['cli/src/x.ts', `import { x } from '../../bot-client/src/billing/billing-http.js';`],
  ['bot-client/src/x.ts', `import { x } from '../../cli/src/service.js';`],
  ['bot-client/src/commands/x.ts', `import { Telegraf } from 'telegraf';`],
  ['bot-client/src/commands/x.ts', `import type { Message } from 'telegraf/types';`],
];

export const GOOD_IMPORTS: Sample[] = [
  [domain, `import { Backoff } from '../../../common/src/backoff.js';`],
  ['billing-service/src/stores/redis/x.ts', `import type { Bus } from '../../domain/ports/bus.js';`],
  ['cli/src/x.ts', `import { x } from '../../bot-client/src/billing/index.js';`],
  [http, `import { x } from '../domain/x.js'; import Fastify from 'fastify';`],
  ['billing-service/src/stores/redis/x.ts', `import { Redis } from 'ioredis';`],
  ['bot-client/src/telegram/x.ts', `import { Telegraf } from 'telegraf';`],
];
