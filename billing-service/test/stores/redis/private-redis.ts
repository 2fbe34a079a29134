import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { until } from '../../../../common/test/support/until.js';
import { freePort } from '../../support/free-port.js';
import { optional } from '../../support/test-environment.js';

/** A redis-server of this test's own: stopped, frozen, flushed and restarted as the test likes. */
export class PrivateRedis {
  readonly port: number;
  readonly #settings: string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, settings: string[]) {
    this.port = port;
    this.#settings = settings;
  }

  /** With more settings of redis-server, if need be; they hold at every restart. */
  static async start(settings: string[] = []): Promise<PrivateRedis> {
    const redis = new PrivateRedis(await freePort(), settings);
    await redis.restart();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, empty. */
  async restart(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.#process = spawn(optional('TEST_REDIS_SERVER') ?? 'redis-server', [...args, ...this.#settings], {
      stdio: 'ignore',
    });
    if (!(await until(() => this.#answers(), { everyMs: 25 }))) throw new Error('redis-server did not start');
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** A connection for the test's own commands. */
  async ask<T>(question: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url, { retryStrategy: () => null, maxRetriesPerRequest: 0 });
    redis.on('error', () => {});
    try {
      return await question(redis);
    } finally {
      redis.disconnect();
    }
  }

  async #answers(): Promise<boolean> {
    try {
      return (await this.ask((redis) => redis.ping())) === 'PONG';
    } catch {
      return false;
    }
  }
}
