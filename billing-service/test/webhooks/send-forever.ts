/** A process that tells events and sends them, for the database named by its argument; ends with its stdin. */
import { OffsetClock } from '../../src/domain/ports/clock.js';
import { AddressRule } from '../../src/domain/webhooks/addresses.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { PostgresDeliveryQueue } from '../../src/stores/postgres/webhooks/delivery-queue.js';
import { DeliverWebhooks } from '../../src/webhooks/deliver-webhooks.js';
import { postWebhook } from '../../src/webhooks/post-webhook.js';

const database = openPostgres({ url: process.argv[2] ?? '' });
const clock = new OffsetClock();
const addresses = new AddressRule(['127.0.0.0/8']);
process.stdin.resume().once('close', () => process.exit(0));
const deliver = new DeliverWebhooks({
  queue: new PostgresDeliveryQueue(database, clock, String(process.pid)),
  clock,
  post: (url, body, headers, signal) => postWebhook(url, body, headers, { addresses, signal }),
  onError: () => {},
});
deliver.start();
