import type { Cluster, Redis } from 'ioredis';
import { anyNode } from './cluster-connection.js';
import type { Publisher } from './redis-bus.js';

/** Publishes at one node of a cluster, which passes it on to all; at another when that one fails. One at a time, because
 * what is sent over two nodes may arrive in another order. */
export class ClusterPublisher implements Publisher {
  readonly #cluster: Cluster;
  #node: Redis | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async publish(channel: string, text: string): Promise<unknown> {
    if (this.#node?.status !== 'ready') this.#node = anyNode(this.#cluster);
    const node = this.#node ?? this.#cluster;
    try {
      return await node.publish(channel, text);
    } catch (error) {
      this.#node = undefined;
      throw error;
    }
  }
}
