import { KeepAliveConnection } from '../load/keep-alive-connection.js';
import type { Member } from './member.js';
import { ADMIN_KEY } from './service-process.js';

const CONNECTIONS = 64;
/** Of a million users, those that the load will name most often. */
const AT_MOST = 10_000;
/** After this a slow server begins its rounds with some users still unknown to it; the embedded one takes longest. */
const LIMIT_MS = 2_500;
const EMBEDDED_LIMIT_MS = 20_000;

/**
 * One call for each user, so that the rounds are not about who is met for the first time. The product is asked for a
 * peek, which changes nothing; contenders only have their reserve.
 */
export async function meetUsers({ service, size, databaseUrl, isProduct }: Member): Promise<void> {
  const { hostname, port } = new URL(service.url);
  const giveUpAt = performance.now() + (databaseUrl === undefined ? EMBEDDED_LIMIT_MS : LIMIT_MS);
  const count = Math.min(size.users, AT_MOST);
  let met = 0;
  const work = async () => {
    const connection = await KeepAliveConnection.open(hostname, Number(port));
    while (met < count && performance.now() < giveUpAt) {
      met += 1;
      const user = `bench:${met * Math.floor(size.users / count)}`;
      await new Promise((answered) => connection.send(request(user, isProduct), answered));
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
}

function request(user: string, isProduct: boolean): string {
  const operation = 'chatgpt_message';
  const [path, body] = isProduct
    ? ['/limits/check', JSON.stringify({ user, operation, peek: true })]
    : ['/tokens/reserve', JSON.stringify({ user, operation, ttlSeconds: 86_400 })];
  return (
    `POST ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${ADMIN_KEY}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
}
