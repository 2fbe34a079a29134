/** Endpoints that events are pushed to, and what became of each event there. */
import { sql } from 'drizzle-orm';
import { bigint, boolean, check, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { time } from './columns.js';

export const webhooks = pgTable('webhooks', {
  id: text('id').primaryKey(),
  url: text('url').notNull(),
  /** Null: all. */
  types: text('types').array(),
  description: text('description'),
  enabled: boolean('enabled').notNull(),
  /** Why the service disabled it; null where it did not. */
  disabledFor: text('disabled_for'),
  createdAt: time('created_at').notNull(),
  /** Events up to this one are queued, or were skipped. */
  queuedThrough: bigint('queued_through', { mode: 'number' }).notNull(),
  /** Since when every attempt failed; null after one that did not. */
  failingSince: time('failing_since'),
  /** The instance that works this endpoint's queue, by the database's own time. */
  leaseOwner: text('lease_owner'),
  leaseUntil: time('lease_until'),
});

/** Read by what signs, and by nothing else. */
export const webhookSecrets = pgTable(
  'webhook_secrets',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    webhookId: text('webhook_id').notNull(),
    secret: text('secret').notNull(),
    /** Until when it signs beside the one that took its place. */
    retiresAt: time('retires_at'),
  },
  (t) => [index('webhook_secrets_webhook').on(t.webhookId)],
);

export const deliveries = pgTable(
  'deliveries',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    webhookId: text('webhook_id').notNull(),
    /** Null: a test, whose body stands here. */
    eventId: bigint('event_id', { mode: 'number' }),
    type: text('type').notNull(),
    body: text('body'),
    /** Whose line it stands in: the user's number, 0 of events about none, -1 of tests. */
    line: bigint('line', { mode: 'number' }).notNull(),
    /** The first of its line that waits: the only one that is sent. */
    head: boolean('head').notNull(),
    status: text('status').notNull().default('waiting'),
    tries: integer('tries').notNull().default(0),
    nextAt: time('next_at').notNull(),
    madeAt: time('made_at').notNull(),
    /** JSON, oldest first. */
    attempts: text('attempts').notNull().default('[]'),
  },
  (t) => [
    index('deliveries_status').on(t.webhookId, t.status, t.id),
    index('deliveries_line').on(t.webhookId, t.line, t.id).where(sql`status = 'waiting'`),
    index('deliveries_due').on(t.webhookId, t.nextAt).where(sql`status = 'waiting' and head`),
    check('deliveries_states', sql`status in ('waiting', 'delivered', 'failed', 'skipped')`),
  ],
);
