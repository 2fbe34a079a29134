import keySlot from 'cluster-key-slot';
import type { Cluster, Redis } from 'ioredis';
import { RedisGate } from './redis-gate.js';

/** A gate in front of each node of a cluster, so that a node that hangs affects its own users only. */
export class ClusterGates {
  readonly #cluster: Cluster;
  readonly #deadlineMs: number | undefined;
  /** By `host:port`, as the cluster's table of slots has it. */
  readonly #gates = new Map<string, RedisGate>();
  readonly #follow = (node: Redis) => this.#add(node);

  constructor(cluster: Cluster, deadlineMs?: number) {
    this.#cluster = cluster;
    this.#deadlineMs = deadlineMs;
    for (const node of cluster.nodes('all')) this.#add(node);
    cluster.on('+node', this.#follow);
  }

  /** Undefined while no node is known to hold the key's slot. */
  of(key: string): RedisGate | undefined {
    const master = this.#cluster.slots[keySlot(key)]?.[0];
    return master === undefined ? undefined : this.#gates.get(master);
  }

  close(): void {
    this.#cluster.off('+node', this.#follow);
    for (const gate of this.#gates.values()) gate.close();
  }

  #add(node: Redis): void {
    const name = `${node.options.host}:${node.options.port}`;
    const gate = new RedisGate(node, this.#deadlineMs);
    this.#gates.set(name, gate);
    node.once('end', () => {
      gate.close();
      // The same address may have a new connection by now.
      if (this.#gates.get(name) === gate) this.#gates.delete(name);
    });
  }
}
