/** Standard Webhooks 1.0.0: HMAC-SHA256 of `id.timestamp.body`, a signature a secret with blanks between. */
import { createHmac } from 'node:crypto';

export interface SignedHeaders extends Record<string, string> {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

/** `atMs` is the wall clock's at the attempt: receivers refuse what is five minutes off. */
export function sign(id: string, body: string, secrets: readonly string[], atMs: number): SignedHeaders {
  const timestamp = String(Math.floor(atMs / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
