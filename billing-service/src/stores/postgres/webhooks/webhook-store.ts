import { asc, eq } from 'drizzle-orm';
import type { Author } from '../../../domain/ports/audit-log.js';
import type { Clock } from '../../../domain/ports/clock.js';
import type { WebhookEditor, WebhookStore } from '../../../domain/ports/webhook-store.js';
import { DELIVERY_STATUSES, type Delivery, type Webhook } from '../../../domain/webhooks/webhook.js';
import type { Database } from '../driver/database.js';
import { orUnavailable } from '../driver/failure.js';
import { type deliveries, webhooks } from '../schema/schema.js';
import { deliveryOf, webhookOf } from './delivery-rows.js';
import { PostgresWebhookEditor } from './webhook-editor.js';

/** By an index for each status, so that a few failed ones are found among millions. */
const LIST = `select d.* from unnest($2::text[]) s(status) cross join lateral (
  select id, webhook_id as "webhookId", event_id as "eventId", type, body, line, head, status, tries,
    next_at as "nextAt", made_at as "madeAt", attempts
  from deliveries where webhook_id = $1 and deliveries.status = s.status and id < $3 order by id desc limit $4
) d order by d.id desc limit $4`;

export class PostgresWebhookStore implements WebhookStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async list(): Promise<Webhook[]> {
    const rows = await orUnavailable(
      this.#database.drizzle.select().from(webhooks).orderBy(asc(webhooks.createdAt), asc(webhooks.id)),
    );
    return rows.map(webhookOf);
  }

  async find(id: string): Promise<Webhook | null> {
    const [row] = await orUnavailable(
      this.#database.drizzle.select().from(webhooks).where(eq(webhooks.id, id)),
    );
    return row ? webhookOf(row) : null;
  }

  async deliveries(
    id: string,
    { status, before, limit }: Parameters<WebhookStore['deliveries']>[1],
  ): Promise<Delivery[] | null> {
    if (!(await this.find(id))) return null;
    const rows = await this.#database.query<typeof deliveries.$inferSelect>(LIST, [
      id,
      `{${status ?? DELIVERY_STATUSES}}`,
      before ?? Number.MAX_SAFE_INTEGER,
      limit,
    ]);
    return rows.map(deliveryOf);
  }

  by(author: Author): WebhookEditor {
    return new PostgresWebhookEditor(this.#database, this.#clock, author);
  }
}
