/** Rounds over the numbers of instances, each with what a call costs every program that has a part in it. */
import { Redis } from 'ioredis';
import type { Generator } from '../load/generator.js';
import type { Call } from '../load/load.js';
import { cpuSeconds } from '../machine/cpu-seconds.js';
import { spreadOf } from '../report/ratios.js';
import { RefusedError } from '../rounds.js';
import { withClient } from '../servers/bench-database.js';
import { ADMIN_KEY } from '../servers/service-process.js';
import type { ThrowawayServers } from '../servers/throwaway-servers.js';
import type { Deployment, Front } from './instances.js';

export interface Costs {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** µs of CPU a call; all instances together. */
  serviceUs: number;
  haproxyUs: number;
  postgresUs: number;
  redisUs: number;
  /** Bytes of Postgres' log a call. */
  walBytes: number;
}

/** Medians over the rounds. */
export interface Row extends Costs {
  call: Call;
  instances: number;
}

export interface Plan {
  calls: Call[];
  rounds: number;
  seconds: number;
  connections: number;
  users: number;
}

type Meter = () => Promise<{
  service: number;
  haproxy: number;
  postgres: number;
  redis: number;
  wal: number;
}>;

export async function measureInstances(
  parts: { servers: ThrowawayServers; deployment: Deployment; generator: Generator },
  plan: Plan,
  tell: (line: string) => void,
): Promise<Row[]> {
  const { servers, deployment, generator } = parts;
  const redisPid = await redisProcess(servers.redisUrl);
  const samples = new Map<string, Costs[]>();
  // The first round is for caches and compilers only.
  for (let round = 0; round <= plan.rounds; round++) {
    for (const call of plan.calls) {
      for (const front of deployment.fronts) {
        const meter = () => readMeters(servers, deployment, front, redisPid);
        const costs = await measureOnce(generator, front, meter, { ...plan, call });
        if (round > 0) push(samples, `${call} ${front.instances}`, costs);
        tell(`round ${round}/${plan.rounds} ${call}, ${front.instances}: ${Math.round(costs.perSecond)}/s`);
      }
    }
  }
  return [...samples].map(([name, rounds]) => {
    const [call = '', instances = ''] = name.split(' ');
    const keys = Object.keys(rounds[0] as Costs) as (keyof Costs)[];
    const medians = keys.map((key) => [key, spreadOf(rounds.map((costs) => costs[key])).median]);
    return { call: call as Call, instances: Number(instances), ...(Object.fromEntries(medians) as Costs) };
  });
}

async function measureOnce(
  generator: Generator,
  front: Front,
  meter: Meter,
  { call, users, connections, seconds }: Plan & { call: Call },
): Promise<Costs> {
  const before = await meter();
  const { signal } = new AbortController();
  const load = {
    url: front.url,
    key: ADMIN_KEY,
    call,
    users,
    choice: 'spread' as const,
    connections,
    seconds,
    signal,
  };
  const done = await generator.run(load);
  const after = await meter();
  if (done.refused > 0 || done.failed > 0 || done.requests === 0) {
    throw new RefusedError(`${call}, ${front.instances}: ${done.refused} refused, ${done.failed} failed`);
  }
  const perCall = (key: keyof typeof after) => (after[key] - before[key]) / done.requests;
  return {
    perSecond: done.perSecond,
    p50Ms: done.p50Ms,
    p99Ms: done.p99Ms,
    serviceUs: perCall('service') * 1e6,
    haproxyUs: perCall('haproxy') * 1e6,
    postgresUs: perCall('postgres') * 1e6,
    redisUs: perCall('redis') * 1e6,
    walBytes: perCall('wal'),
  };
}

async function readMeters(servers: ThrowawayServers, deployment: Deployment, front: Front, redisPid: number) {
  const seconds = (pid: number, withChildren = false) => cpuSeconds(pid, { withChildren }) ?? Number.NaN;
  const wal = await withClient(servers.postgresUrl, async (client) => {
    const { rows } = await client.query<{ at: string }>(`select pg_current_wal_lsn() - '0/0' as at`);
    return Number(rows[0]?.at);
  });
  return {
    service: deployment.services.reduce((sum, { pid }) => sum + seconds(pid), 0),
    haproxy: seconds(front.pid),
    postgres: seconds(servers.postgresPid, true),
    redis: seconds(redisPid),
    wal,
  };
}

async function redisProcess(url: string): Promise<number> {
  const redis = new Redis(url);
  const info = await redis.info('server').finally(() => redis.disconnect());
  return Number(/process_id:(\d+)/.exec(info)?.[1]);
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}
