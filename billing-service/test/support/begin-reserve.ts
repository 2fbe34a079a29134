import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { RunningService } from './start-service.js';

const BODY = JSON.stringify({ user: 'demo:you', operation: 'chatgpt_message', ttlSeconds: 86_400 });

/** A reserve whose headers the service has seen (it said 100) and whose body it waits for, until it is finished. */
export async function beginReserve({
  url,
  adminKey,
}: Pick<RunningService, 'url' | 'adminKey'>): Promise<() => Promise<number | undefined>> {
  const sent = request(`${url}/tokens/reserve`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${adminKey}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(BODY),
      expect: '100-continue',
    },
  });
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  // Who never finishes it does not ask how it ended.
  answered.catch(() => {});
  sent.flushHeaders();
  await once(sent, 'continue');
  return async () => {
    sent.end(BODY);
    const [answer] = await answered;
    answer.resume();
    return answer.statusCode;
  };
}
