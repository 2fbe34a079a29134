import type { ServerName } from '../cases.js';
import type { Generator } from '../load/generator.js';
import type { Options } from '../options.js';
import type { Fleet } from '../servers/fleet.js';
import type { ThrowawayServers } from '../servers/throwaway-servers.js';

/** What every part of the run works with. */
export interface Run {
  options: Options;
  servers: ThrowawayServers;
  fleet: Fleet;
  generator: Generator;
  /** Servers that have run before. */
  warm: Set<ServerName>;
  /** Aborted when the run is to end. */
  signal: AbortSignal;
  say(line: string): void;
}
