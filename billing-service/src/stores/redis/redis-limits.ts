import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Cluster, type Redis } from 'ioredis';
import type { CountStatus, LimitCounts, PolicyCount } from '../../domain/limit-decision.js';
import { EVERY_OPERATION } from '../../domain/limit-policy.js';
import type { CheckKey } from '../check-key.js';
import { type LimitRequest, UnavailableError, type UndoRequest } from '../stores.js';
import { ClusterGates } from './cluster-gates.js';
import { RedisGate } from './redis-gate.js';

/** What take.lua says: besides the counts, what tells a caller whether the log is the one it knew. */
export interface SharedCounts extends LimitCounts {
  /** The log's time (ms): never before its newest record. */
  timeMs: number;
  /** Tokens of cost ever counted in this log; falls only when the log was lost. */
  total: number;
}

const STATUS: readonly CountStatus[] = ['denied', 'admitted', 'repeated'];

class Script {
  readonly text: string;
  readonly sha: string;

  constructor(file: string) {
    this.text = readFileSync(new URL(file, import.meta.url), 'utf8');
    this.sha = createHash('sha1').update(this.text).digest('hex');
  }

  /** A server that was restarted, or never saw the script, is sent its text, once. */
  async run(redis: Redis | Cluster, key: string, args: (number | string)[]): Promise<number[]> {
    try {
      return (await redis.evalsha(this.sha, 1, key, ...args)) as number[];
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return (await redis.eval(this.text, 1, key, ...args)) as number[];
    }
  }
}

const take = new Script('./take.lua');
const undo = new Script('./undo.lua');

/** The two scripts as functions. Everything rejects with UnavailableError, or ioredis' own, while Redis is away. */
export class RedisLimits {
  readonly #redis: Redis | Cluster;
  readonly #gates: { of(key: string): RedisGate | undefined; close(): void };
  /** A cluster's nodes write for themselves. */
  readonly #gather: () => void = () => {};

  constructor(redis: Redis | Cluster, deadlineMs?: number) {
    this.#redis = redis;
    if (redis instanceof Cluster) {
      this.#gates = new ClusterGates(redis, deadlineMs);
      for (const node of redis.nodes('all')) loadScripts(node);
      redis.on('+node', loadScripts);
    } else {
      const gate = new RedisGate(redis, deadlineMs);
      this.#gates = { of: () => gate, close: () => gate.close() };
      this.#gather = oneWriteATurn(redis);
      loadScripts(redis);
    }
  }

  async take(request: LimitRequest, key: CheckKey, nowMs: number): Promise<SharedCounts> {
    const retainMs = request.retainSeconds * 1000;
    const args = [nowMs, retainMs, request.cost, request.peek ? 0 : 1, key.operation, key.high, key.low];
    for (const policy of request.policies) {
      args.push(policy.limit, policy.windowSeconds * 1000, policy.operation === EVERY_OPERATION ? 1 : 0);
    }
    const reply = await this.#run(take, request.userId, args);
    const counts: PolicyCount[] = [];
    for (let i = 3; i < reply.length; i += 3) {
      counts.push({ used: int(reply, i), newestAt: int(reply, i + 1), nextAt: int(reply, i + 2) });
    }
    const status = STATUS[int(reply, 0)];
    if (status === undefined) throw new Error('take.lua answered with an unknown status');
    return { status, counts, timeMs: int(reply, 1), total: int(reply, 2) };
  }

  async undo(request: UndoRequest, key: CheckKey, nowMs: number): Promise<boolean> {
    const args = [nowMs, request.retainSeconds * 1000, key.operation, key.high, key.low];
    const reply = await this.#run(undo, request.userId, args);
    return reply[0] === 1;
  }

  close(): void {
    this.#gates.close();
  }

  async #run(script: Script, userId: number, args: (number | string)[]): Promise<number[]> {
    const key = logKey(userId);
    const gate = this.#gates.of(key);
    if (gate === undefined) throw new UnavailableError('no node of the cluster is known for this user');
    return gate.run(() => {
      this.#gather();
      return script.run(this.#redis, key, args);
    });
  }
}

/** Commands that are sent in one turn of the event loop leave in one write at its end: a system call for each was the
 * dearest part of a check. Call the result before each command. */
function oneWriteATurn(redis: Redis): () => void {
  let isCorked = false;
  return () => {
    if (isCorked) return;
    isCorked = true;
    const { stream } = redis;
    stream.cork();
    setImmediate(() => {
      isCorked = false;
      stream.uncork();
    });
  };
}

/** Ahead of the first requests: else each of them would be sent the text. */
function loadScripts(node: Redis): void {
  const load = () => {
    for (const script of [take, undo]) node.script('LOAD', script.text).catch(() => {});
  };
  node.on('ready', load);
  if (node.status === 'ready') load();
}

/** The braces are the cluster's hash tag: everything of one user lies in one slot. */
export function logKey(userId: number): string {
  return `fbx:{u:${userId}}:log`;
}

function int(reply: number[], index: number): number {
  return reply[index] as number;
}
