/** Who wrote what: only ever added to. */
import { bigint, index, json, pgTable, text } from 'drizzle-orm/pg-core';
import { time } from './columns.js';

/** Never changed (a trigger). Names a user by number only, and keeps no words about one: those are in auditTexts. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: time('at').notNull(),
    apiKeyId: text('api_key_id').notNull(),
    /** As the key was called then. */
    actorName: text('actor_name').notNull(),
    via: text('via').notNull(),
    action: text('action').notNull(),
    userId: bigint('user_id', { mode: 'number' }),
    target: text('target'),
    requestId: text('request_id').notNull(),
    // Not jsonb: members stay in the order in which answers have them.
    before: json('before').$type<object>(),
    after: json('after').$type<object>(),
  },
  (t) => [
    index('audit_log_at').on(t.at, t.id),
    index('audit_log_user').on(t.userId, t.at, t.id),
    index('audit_log_actor').on(t.apiKeyId, t.at, t.id),
    index('audit_log_action').on(t.action, t.at, t.id),
  ],
);

/** The words of a line. Erasing a user deletes those about that user, and the line stays. */
export const auditTexts = pgTable(
  'audit_texts',
  {
    auditId: bigint('audit_id', { mode: 'number' }).primaryKey(),
    userId: bigint('user_id', { mode: 'number' }),
    reason: text('reason'),
    /** With all that `before` and `after` of the line leave out; null where they leave nothing out. */
    before: json('before').$type<object>(),
    after: json('after').$type<object>(),
  },
  (t) => [index('audit_texts_user').on(t.userId)],
);
