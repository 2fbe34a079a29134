import { createHmac, timingSafeEqual } from 'node:crypto';

export interface VerifyOptions {
  /** What the endpoint's secret is; while it is being changed, both. */
  secret: string | readonly string[];
  /** As they came; names in lower case, as Node gives them. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As it came, before any parsing: a signature is of bytes. */
  body: string | Uint8Array;
  /** How far the sender's clock may be away, in seconds. */
  toleranceSeconds?: number;
}

/** The delivery is not the service's, or is too old to be believed. Answer 400, and do nothing with it. */
export class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused';
}

const PREFIX = 'whsec_';
const VERSION = 'v1,';

/**
 * What a webhook says, once its signature is right (Standard Webhooks 1.0.0). `id` is the same whenever the same event
 * comes again: remember it, or do only what bears doing twice.
 */
export function verifyWebhook(options: VerifyOptions): {
  id: string;
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
} {
  const { secret, headers, body, toleranceSeconds = 300 } = options;
  const header = (name: string) => {
    const value = headers[name];
    if (typeof value === 'string') return value;
    throw new WebhookRefused(`the header ${name} is missing`);
  };
  const [id, sentAt] = [header('webhook-id'), header('webhook-timestamp')];
  const age = Math.abs(Date.now() / 1000 - Number(sentAt));
  if (!/^\d+$/.test(sentAt) || age > toleranceSeconds)
    throw new WebhookRefused(`webhook-timestamp is more than ${toleranceSeconds} s from now`);
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  const secrets = typeof secret === 'string' ? [secret] : secret;
  const wanted = secrets.map((one) => signatureOf(one, `${id}.${sentAt}.${text}`));
  const given = header('webhook-signature')
    .split(' ')
    .filter((one) => one.startsWith(VERSION));
  if (!given.some((one) => wanted.some((other) => isSame(one.slice(VERSION.length), other))))
    throw new WebhookRefused('webhook-signature is of another secret or another body');
  return { id, ...(JSON.parse(text) as { type: string; timestamp: string; data: Record<string, unknown> }) };
}

function signatureOf(secret: string, signed: string): Buffer {
  const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');
  return createHmac('sha256', key).update(signed).digest();
}

function isSame(given: string, wanted: Buffer): boolean {
  const bytes = Buffer.from(given, 'base64');
  return bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
}
