import { BillingError } from '../../../bot-client/src/billing/index.js';
import { counted, duration } from '../output/figures.js';
import type { LocalTimes } from '../output/local-times.js';
import { harmless } from '../output/text-width.js';
import type { Service } from '../service.js';
import type { Settings } from '../settings.js';
import { VERSION } from '../version.js';
import { type Finding, finding } from './finding.js';

const SOON_MS = 7 * 86_400_000;
/** A Date header tells whole seconds. */
const CLOCK_TOLERANCE_MS = 3_000;
const HOUR_MS = 3_600_000;

/** Whether anything answers; the other checks are of no use without it. */
export async function lookForService(service: Service, { url }: Settings): Promise<Finding[]> {
  const startedAt = Date.now();
  try {
    const { headers } = await service.get('/livez');
    const tookMs = Date.now() - startedAt;
    return [
      finding('service', 'ok', `${url} answers in ${tookMs} ms.`),
      ...clock(headers.date, startedAt, tookMs),
    ];
  } catch (error) {
    const { status = 0, message } = error as Partial<BillingError> & Error;
    const words =
      status === 0
        ? `Nothing answers at ${url} (${harmless(message)}). Start it (npm start), or set FAREBOX_URL to where it is.`
        : `${url} answers, but not as Farebox does (${status}). Is FAREBOX_URL right, or is a proxy in between?`;
    return [finding('service', 'bad', words)];
  }
}

function clock(date: string | string[] | undefined, startedAt: number, tookMs: number): Finding[] {
  const theirs = Date.parse(String(date));
  if (Number.isNaN(theirs)) return [];
  // Half a second: what the header does not tell, on average.
  const offMs = theirs + 500 - (startedAt + tookMs / 2);
  if (Math.abs(offMs) <= CLOCK_TOLERANCE_MS + tookMs)
    return [finding('clocks', 'ok', 'This machine’s clock and the service’s agree.')];
  const words = `The service’s machine is ${duration(Math.abs(offMs) / 1000)} ${offMs > 0 ? 'ahead of' : 'behind'} this one. Set both by NTP.`;
  return [finding('clocks', 'warn', words)];
}

export async function lookAtStores(service: Service): Promise<Finding[]> {
  try {
    const { database, limits, clock: follows } = (await service.get('/readyz')).body;
    return [
      finding('database', 'ok', `The database is ${database}.`),
      limits === 'up'
        ? finding('limits', 'ok', 'Limits are counted.')
        : finding(
            'limits',
            'warn',
            `Limits are ${limits}: Redis is away, and each instance counts for itself. Look at REDIS_URL and Redis.`,
          ),
      ...(follows === 'ok'
        ? []
        : [
            finding(
              'service’s clock',
              'warn',
              `Its own clock is ${follows}: it goes by the database’s. Set its machine by NTP.`,
            ),
          ]),
    ];
  } catch (error) {
    return [
      finding(
        'stores',
        'bad',
        `It is not ready: ${harmless((error as Error).message)}. Look at its log, and at DATABASE_URL.`,
      ),
    ];
  }
}

export async function lookAtVersions(service: Service): Promise<Finding[]> {
  const theirs = await service.version().catch(() => undefined);
  if (theirs === undefined)
    return [finding('versions', 'warn', 'The service does not say which version it is.')];
  if (theirs === VERSION)
    return [finding('versions', 'ok', `Both are ${VERSION}, on Node ${process.versions.node}.`)];
  return [
    finding(
      'versions',
      'warn',
      `The service is ${theirs}, this command ${VERSION}: use the one of the service’s release.`,
    ),
  ];
}

/** What the key is and may do, and what it lets this look at. */
export async function lookAtKey(service: Service, settings: Settings, times: LocalTimes): Promise<Finding[]> {
  if (settings.apiKey === undefined)
    return [
      finding(
        'key',
        'bad',
        'FAREBOX_API_KEY is not set, and this folder has no key of the service. Make one: farebox keys create, or in the console.',
      ),
    ];
  try {
    const { name, scopes, expiresAt, providers } = (await service.get('/api-keys/me')).body;
    const only = providers ? `, users of ${providers.join(', ')} only` : '';
    const end = expiresAt ? Date.parse(expiresAt) - Date.now() : Number.POSITIVE_INFINITY;
    return [
      finding(
        'key',
        'ok',
        `“${harmless(name)}” (from ${settings.keyFrom}) may: ${scopes.join(', ')}${only}.`,
      ),
      ...(end < SOON_MS
        ? [finding('key’s end', 'warn', `It ends ${times.full(expiresAt ?? '')}: farebox keys rotate`)]
        : []),
    ];
  } catch (error) {
    const words =
      error instanceof BillingError && error.status === 401
        ? `The service does not know it: revoked, expired, or of another service`
        : harmless((error as Error).message);
    return [finding('key', 'bad', `${words} (from ${settings.keyFrom}).`)];
  }
}

/** Only what this key may see is looked at. */
export async function lookAtWork(service: Service): Promise<Finding[]> {
  const [sums, hooks] = await Promise.allSettled([usageOf(service), failingWebhooks(service)]);
  return [sums, hooks].flatMap((one) => (one.status === 'fulfilled' ? one.value : refusalOf(one.reason)));
}

const refusalOf = (error: Error): Finding[] =>
  error instanceof BillingError && error.status === 403
    ? []
    : [finding('service', 'warn', harmless(error.message))];

async function usageOf(service: Service): Promise<Finding[]> {
  const startedAt = Date.now();
  const from = new Date(Math.floor(startedAt / HOUR_MS) * HOUR_MS).toISOString();
  const { asOf } = (await service.get('/usage', { query: { from } })).body;
  const aheadMs = Date.parse(asOf) - (startedAt + Date.now()) / 2;
  if (Math.abs(aheadMs) < 60_000) return [];
  return [
    finding(
      'test clock',
      'warn',
      `The service lives ${duration(Math.abs(aheadMs) / 1000)} ${aheadMs > 0 ? 'in the future' : 'in the past'}: TEST_CLOCK was moved. Never where real money is.`,
    ),
  ];
}

async function failingWebhooks(service: Service): Promise<Finding[]> {
  const { items } = (await service.get('/webhooks')).body;
  const failing = items.filter(({ enabled, disabledFor, failingSince }) =>
    enabled ? failingSince !== null : disabledFor !== null,
  );
  if (failing.length === 0)
    return items.length > 0
      ? [finding('webhooks', 'ok', `${counted(items.length, 'endpoint')}, none failing.`)]
      : [];
  return failing.map(({ id, enabled }) =>
    finding(
      'webhooks',
      'warn',
      `${id} ${enabled ? 'fails' : 'was given up'}: farebox webhooks deliveries ${id}`,
    ),
  );
}
