import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface SlowLink {
  /** The same server, by way of the link. */
  url: string;
  /** Each byte takes so long from now on, either way. */
  delay(oneWayMs: number): void;
  close(): void;
}

/** A proxy to the server of `url` that is as far away as one likes. */
export async function openSlowLink(url: string): Promise<SlowLink> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let oneWayMs = 0;
  const pass = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.setNoDelay(true);
    from.on('error', () => {});
    // Timers of one length end in the order in which they were set.
    from.on('data', (chunk) => {
      if (oneWayMs === 0) to.write(chunk);
      else setTimeout(() => to.write(chunk), oneWayMs);
    });
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  };
  const proxy = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    pass(near, far);
    pass(far, near);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const near = new URL(url);
  near.hostname = '127.0.0.1';
  near.port = String((proxy.address() as AddressInfo).port);
  return {
    url: near.href,
    delay: (ms) => {
      oneWayMs = ms;
    },
    close: () => {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
