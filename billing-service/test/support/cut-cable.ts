import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Teardown } from './test-environment.js';

/** A cable to a server, by its URL: `url` reaches the same server for as long as it is whole. */
export interface Cable {
  url: string;
  /** Every connection breaks, and a new one breaks at once. */
  cut(): void;
  /** Connections stay, and nothing comes through any more: what a lost machine looks like. */
  hang(): void;
  mend(): void;
}

export async function cableTo(t: Teardown, server: string): Promise<Cable> {
  const target = new URL(server);
  const pairs = new Set<[Socket, Socket]>();
  let state: 'whole' | 'cut' | 'hung' = 'whole';
  const proxy = createServer((near) => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    for (const [from, to] of [pair, pair.toReversed() as typeof pair]) {
      from.on('error', () => {});
      from.on('data', (chunk) => state !== 'hung' && to.write(chunk));
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
  });
  const breakAll = () => {
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
  };
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.teardown(() => {
    breakAll();
    return new Promise((resolve) => proxy.close(resolve));
  });
  const url = new URL(server);
  url.hostname = '127.0.0.1';
  url.port = String((proxy.address() as AddressInfo).port);
  return {
    url: url.href,
    cut: () => {
      state = 'cut';
      breakAll();
    },
    hang: () => {
      state = 'hung';
    },
    // What hung has lost bytes: only new connections are whole.
    mend: () => {
      breakAll();
      state = 'whole';
    },
  };
}
