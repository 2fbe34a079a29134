/** The servers that the chosen cases need, each with a database of its own on the one Postgres. */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPglite } from '../../billing-service/src/stores/postgres/driver/pglite.js';
import type { ServerName } from '../cases.js';
import type { Options } from '../options.js';
import { BenchDatabases, withClient } from './bench-database.js';
import { meetUsers } from './meet-users.js';
import type { Member } from './member.js';
import { type Size, seedSize } from './seed-size.js';
import { startService } from './service-process.js';
import type { ThrowawayServers } from './throwaway-servers.js';

const DIST = fileURLToPath(new URL('../../', import.meta.url));
const SERVICE = 'billing-service/src/server.js';
const CONTENDERS = fileURLToPath(new URL('../contenders/serve.js', import.meta.url));

export const SMALL: Size = { name: 'small', users: 10_000, entriesPerUser: 0 };
export const LARGE: Size = { name: 'large', users: 1_000_000, entriesPerUser: 10 };

export class Fleet {
  readonly #servers: ThrowawayServers;
  readonly #databases: BenchDatabases;
  readonly #against: string | undefined;
  readonly #nodeOptions: string[];
  readonly #members = new Map<ServerName, Member>();

  constructor(servers: ThrowawayServers, { against, cpuProf }: Pick<Options, 'against' | 'cpuProf'>) {
    this.#servers = servers;
    this.#databases = new BenchDatabases(servers.postgresUrl);
    this.#against = against;
    this.#nodeOptions = cpuProf ? ['--cpu-prof', `--cpu-prof-dir=${resolve(cpuProf)}`] : [];
  }

  /** Started by `start`. */
  get(name: ServerName): Member {
    const member = this.#members.get(name);
    if (!member) throw new Error(`${name} was not started`);
    return member;
  }

  /** Undefined where nothing needed it. */
  started(name: ServerName): Member | undefined {
    return this.#members.get(name);
  }

  async start(name: ServerName): Promise<void> {
    if (this.#members.has(name)) return;
    const member = await this.#open(name);
    this.#members.set(name, member);
    await meetUsers(member);
  }

  /** Resolves when they have ended and written what they write at their end. */
  async stop(): Promise<void> {
    await Promise.all([...this.#members.values()].map(({ service }) => service.stop()));
  }

  async #open(name: ServerName): Promise<Member> {
    if (name === 'against') return this.#openAgainst();
    if (name === 'embedded') return this.#openEmbedded();
    const size = name === 'large' ? LARGE : SMALL;
    const databaseUrl = await this.#databases.filled(name.replaceAll('-', '_'), size);
    const isProduct = name === 'farebox' || name === 'large';
    const argv = isProduct ? [...this.#nodeOptions, join(DIST, SERVICE)] : [CONTENDERS, name];
    const service = await startService(this.#servers, { name, argv, env: this.#env(databaseUrl) });
    return { service, size, databaseUrl, isProduct };
  }

  /** It makes its own tables, so it starts on an empty database; the users are then written past it. */
  async #openAgainst(): Promise<Member> {
    const databaseUrl = await this.#databases.empty('against');
    const argv = [join(resolve(this.#against ?? ''), 'dist', SERVICE)];
    const program = { name: 'against', argv, env: this.#env(databaseUrl) };
    const first = await startService(this.#servers, program);
    await withClient(databaseUrl, (client) => seedSize(client, SMALL));
    await first.stop();
    return { service: await startService(this.#servers, program), size: SMALL, databaseUrl, isProduct: true };
  }

  /** On a folder alone. The users are written while it is stopped: only one process may have the folder open. */
  async #openEmbedded(): Promise<Member> {
    const dataDir = join(this.#servers.folder, 'embedded-data');
    const program = {
      name: 'embedded',
      argv: [...this.#nodeOptions, join(DIST, SERVICE)],
      env: { DATA_DIR: dataDir },
    };
    await (await startService(this.#servers, program)).stop();
    const database = await openPglite(join(dataDir, 'pglite'));
    await seedSize(database, SMALL);
    await database.close();
    return {
      service: await startService(this.#servers, program),
      size: SMALL,
      databaseUrl: undefined,
      isProduct: true,
    };
  }

  #env(databaseUrl: string): Record<string, string> {
    return { DATABASE_URL: databaseUrl, REDIS_URL: this.#redisUrlOf() };
  }

  /** Each gets a logical database of Redis, because users have the same numbers everywhere. */
  #redisUrlOf(): string {
    return `${this.#servers.redisUrl}/${this.#members.size}`;
  }
}
