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
  /** Whole for new connections; those that are there stay silent. */
  renew(): void;
  isHung(): boolean;
  /** A longer one, from now on: each byte takes so long, either way. */
  delay(ms: number): void;
}

export async function cableTo(t: Teardown, server: string): Promise<Cable> {
  const target = new URL(server);
  const pairs = new Set<[Socket, Socket]>();
  /** Whose connections say nothing any more. */
  const silent = new Set<Socket>();
  let state: 'whole' | 'cut' | 'hung' = 'whole';
  let delayMs = 0;
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
      from.on('data', (chunk) => {
        if (state === 'hung' || silent.has(near)) return;
        if (delayMs === 0) to.write(chunk);
        // Timers of one length end in the order in which they were set.
        else setTimeout(() => to.write(chunk), delayMs);
      });
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
        silent.delete(near);
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
    renew: () => {
      for (const [near] of pairs) silent.add(near);
      state = 'whole';
    },
    isHung: () => state === 'hung',
    delay: (ms) => {
      delayMs = ms;
    },
    // What hung has lost bytes: only new connections are whole.
    mend: () => {
      breakAll();
      state = 'whole';
    },
  };
}
