import { Cluster, type Redis } from 'ioredis';
import type { LeaveRequest, LimitRequest, UndoRequest } from '../../domain/ports/limit-store.js';
import { UnavailableError } from '../../domain/ports/unavailable-error.js';
import type { CheckKey } from '../memory/check-key.js';
import { ClusterGates } from './cluster-gates.js';
import { RedisGate } from './redis-gate.js';
import { RedisScript } from './redis-script.js';
import { type Check, packChecks, readCounts, type SharedCounts } from './take-form.js';

/** Redis does nothing else while it decides them: for 64, that is a millisecond or two (docs/decisions/0010). */
const MAX_CHECKS = 64;

const take = new RedisScript('./take.lua');
const undo = new RedisScript('./undo.lua');

interface Waiting extends Check {
  resolve(counts: SharedCounts): void;
  reject(error: unknown): void;
}

/** The two scripts as functions. Everything rejects with UnavailableError, or ioredis' own, while Redis is away. */
export class RedisLimits {
  readonly #redis: Redis | Cluster;
  readonly #gates: { of(key: string): RedisGate | undefined; close(): void };
  /** A command to a cluster may name one slot only, so there each check is one. */
  readonly #isCluster: boolean;
  #gathered: Waiting[] = [];

  constructor(redis: Redis | Cluster, deadlineMs?: number) {
    this.#redis = redis;
    this.#isCluster = redis instanceof Cluster;
    if (redis instanceof Cluster) {
      this.#gates = new ClusterGates(redis, deadlineMs);
      for (const node of redis.nodes('all')) loadScripts(node);
      redis.on('+node', loadScripts);
    } else {
      const gate = new RedisGate(redis, deadlineMs);
      this.#gates = { of: () => gate, close: () => gate.close() };
      loadScripts(redis);
    }
  }

  /** Checks of one turn of the event loop leave at its end as one command. */
  take(request: LimitRequest, key: CheckKey, nowMs: number): Promise<SharedCounts> {
    return new Promise((resolve, reject) => {
      const check = { request, key, nowMs, resolve, reject };
      if (this.#isCluster) {
        void this.#send([check]);
        return;
      }
      this.#gathered.push(check);
      if (this.#gathered.length === 1) setImmediate(() => this.#leave());
    });
  }

  undo(request: UndoRequest, key: CheckKey, nowMs: number): Promise<boolean> {
    return this.#undo(request, key, nowMs, 0);
  }

  async leave(request: LeaveRequest, key: CheckKey, nowMs: number): Promise<void> {
    if (request.counted.shared !== null) await this.#undo(request, key, nowMs, request.counted.shared);
  }

  async #undo(request: UndoRequest, key: CheckKey, nowMs: number, countedAt: number): Promise<boolean> {
    const keys = [logKey(request.userId)];
    const args = [nowMs, request.retainSeconds * 1000, key.operation, key.high, key.low, countedAt];
    const [given] = await this.#gateOf(keys).run(() => undo.run<number[]>(this.#redis, keys, args));
    return given === 1;
  }

  close(): void {
    this.#gates.close();
  }

  #leave(): void {
    const checks = this.#gathered;
    this.#gathered = [];
    for (let i = 0; i < checks.length; i += MAX_CHECKS) void this.#send(checks.slice(i, i + MAX_CHECKS));
  }

  async #send(checks: Waiting[]): Promise<void> {
    try {
      const keys = checks.map(({ request }) => logKey(request.userId));
      const args = packChecks(checks);
      const reply = await this.#gateOf(keys).run(() => take.run<Buffer>(this.#redis, keys, [args], true));
      const counts = readCounts(checks, reply);
      checks.forEach(({ resolve, reject }, i) => {
        const one = counts[i];
        if (one === undefined || one instanceof Error) reject(one);
        else resolve(one);
      });
    } catch (error) {
      for (const { reject } of checks) reject(error);
    }
  }

  #gateOf([key = '']: string[]): RedisGate {
    const gate = this.#gates.of(key);
    if (gate === undefined) throw new UnavailableError('no node of the cluster is known for this user');
    return gate;
  }
}

function loadScripts(node: Redis): void {
  take.load(node);
  undo.load(node);
}

/** The braces are the cluster's hash tag: everything of one user lies in one slot. */
export function logKey(userId: number): string {
  return `fbx:{u:${userId}}:log`;
}
