import { eq } from 'drizzle-orm';
import type { Author } from '../../../domain/ports/audit-log.js';
import type { Clock } from '../../../domain/ports/clock.js';
import type { WebhookEditor, WebhookWish } from '../../../domain/ports/webhook-store.js';
import {
  type Delivery,
  MAX_WEBHOOKS,
  newSecret,
  newWebhookId,
  SECRETS_OVERLAP_MS,
  type Webhook,
} from '../../../domain/webhooks/webhook.js';
import { insertAuditLine } from '../audit-log/audit-rows.js';
import type { Database, Queryable } from '../driver/database.js';
import { webhookSecrets, webhooks } from '../schema/schema.js';
import { LAST_EVENT, lockWebhook, skipWaiting, webhookOf } from './delivery-rows.js';
import { rewind, sendAgain, sendTest } from './send-again.js';

/** Any number, the same in every instance: those who make endpoints count them one after another. */
const COUNT_LOCK = 'select pg_advisory_xact_lock(7203418)';

const logged = ({ url, types, description, enabled }: Webhook) => ({ url, types, description, enabled });

/** What one author writes to endpoints. */
export class PostgresWebhookEditor implements WebhookEditor {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #author: Author;

  constructor(database: Database, clock: Clock, author: Author) {
    this.#database = database;
    this.#clock = clock;
    this.#author = author;
  }

  create(wish: WebhookWish): Promise<{ webhook: Webhook; secret: string } | null> {
    return this.#database.transaction(async (tx) => {
      await tx.query(COUNT_LOCK);
      const [found] = await tx.query<{ count: number; last: number }>(
        `select count(*)::integer as count, ${LAST_EVENT} as last from webhooks`,
      );
      if (!found || found.count >= MAX_WEBHOOKS) return null;
      const id = newWebhookId();
      const row = { ...wish, id, createdAt: new Date(this.#clock.now()), queuedThrough: found.last };
      const [made] = await tx.drizzle.insert(webhooks).values(row).returning();
      if (!made) throw new Error('an endpoint was not written');
      const secret = newSecret();
      await tx.drizzle.insert(webhookSecrets).values({ webhookId: id, secret });
      const webhook = webhookOf(made);
      await this.#log(tx, id, null, logged(webhook));
      return { webhook, secret };
    });
  }

  replace(id: string, wish: WebhookWish): Promise<Webhook | null> {
    return this.#locked(id, async (tx, before) => {
      const [last] = await tx.query<{ last: number }>(`select ${LAST_EVENT} as last`);
      // From now on: what happened while it was disabled was skipped.
      const begun = !before.enabled && wish.enabled ? { queuedThrough: last?.last ?? 0 } : {};
      const sound = wish.enabled === before.enabled ? {} : { disabledFor: null, failingSince: null };
      const change = { ...wish, ...begun, ...sound };
      const [row] = await tx.drizzle.update(webhooks).set(change).where(eq(webhooks.id, id)).returning();
      if (!row) return null;
      if (before.enabled && !wish.enabled) await skipWaiting(tx, id);
      const after = webhookOf(row);
      await this.#log(tx, id, logged(before), logged(after));
      return after;
    });
  }

  async remove(id: string): Promise<boolean> {
    const removed = await this.#locked(id, async (tx, before) => {
      await tx.query('delete from webhook_secrets where webhook_id = $1', [id]);
      await tx.query(`delete from deliveries where webhook_id = $1 and status = 'waiting'`, [id]);
      await tx.query('delete from webhooks where id = $1', [id]);
      await this.#log(tx, id, logged(before), null);
      return true;
    });
    return removed ?? false;
  }

  rotateSecret(id: string): Promise<string | null> {
    return this.#locked(id, async (tx) => {
      const secret = newSecret();
      const now = this.#clock.now();
      await tx.query('delete from webhook_secrets where webhook_id = $1 and retires_at <= $2', [
        id,
        new Date(now),
      ]);
      await tx.query(
        'update webhook_secrets set retires_at = $2 where webhook_id = $1 and retires_at is null',
        [id, new Date(now + SECRETS_OVERLAP_MS)],
      );
      await tx.drizzle.insert(webhookSecrets).values({ webhookId: id, secret });
      await this.#log(tx, id, null, null);
      return secret;
    });
  }

  test(id: string): Promise<Delivery | null> {
    return this.#locked(id, async (tx) => {
      await this.#log(tx, id, null, null);
      return sendTest(tx, id, this.#clock.now());
    });
  }

  async resendSince(id: string, since: number): Promise<boolean> {
    const rewound = await this.#locked(id, async (tx) => {
      await rewind(tx, id, since);
      await this.#log(tx, id, null, { since: new Date(since).toISOString() });
      return true;
    });
    return rewound ?? false;
  }

  resend(deliveryId: number): Promise<Delivery | null> {
    return this.#database.transaction(async (tx) => {
      const sent = await sendAgain(tx, deliveryId, this.#clock.now());
      if (sent) await this.#log(tx, String(deliveryId), null, null);
      return sent;
    });
  }

  #locked<T>(id: string, act: (tx: Queryable, before: Webhook) => Promise<T | null>): Promise<T | null> {
    return this.#database.transaction(async (tx) => {
      const row = await lockWebhook(tx, id);
      return row && act(tx, webhookOf(row));
    });
  }

  #log(tx: Queryable, target: string, before: object | null, after: object | null): Promise<void> {
    return insertAuditLine(tx, this.#author, { userId: null, target, reason: null, before, after });
  }
}
