import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeReservationId } from '../../billing-service/src/domain/account/reservation-id.js';
import type { Case } from '../cases.js';
import type { Load } from '../load/load.js';
import type { Runner } from '../rounds.js';
import { withClient } from './bench-database.js';
import type { Fleet } from './fleet.js';
import { seedReservations } from './seed-size.js';
import { ADMIN_KEY } from './service-process.js';
import type { ThrowawayServers } from './throwaway-servers.js';

/** More than one Node process settles in a second on any machine we had; too few would end a round early. */
const COMMITS_PER_SECOND = 14_000;

export interface RunnerOptions {
  fleet: Fleet;
  servers: ThrowawayServers;
  connections: number;
  seconds: number;
  signal: AbortSignal;
}

/** The case at that many connections, on servers that were started. */
export function caseRunner(one: Case, options: RunnerOptions): Runner {
  const { fleet, servers, connections, seconds, signal } = options;
  const { service, size, databaseUrl } = fleet.get(one.server);
  const load: Load = {
    ...{ url: service.url, key: ADMIN_KEY, users: size.users, connections, seconds, signal },
    ...{ call: one.call, choice: one.choice },
  };
  return {
    name: `${one.name}@${connections}`,
    pids: { server: service.pid, postgres: servers.postgresPid },
    load: async () => {
      if (one.call !== 'commit' || databaseUrl === undefined) return load;
      const idsFile = join(servers.folder, `${one.name}.ids`);
      await prepareCommits(databaseUrl, size.users, seconds * COMMITS_PER_SECOND, idsFile);
      return { ...load, idsFile };
    },
  };
}

async function prepareCommits(
  databaseUrl: string,
  users: number,
  count: number,
  file: string,
): Promise<void> {
  const made = await withClient(databaseUrl, (client) => seedReservations(client, users, count));
  writeFileSync(file, made.map(({ userId, id }) => `${encodeReservationId(userId, id)}\n`).join(''));
}
