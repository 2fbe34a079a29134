import type { Size } from './seed-size.js';
import type { ServiceProcess } from './service-process.js';

/** A server that is running, and what it was started on. */
export interface Member {
  service: ServiceProcess;
  size: Size;
  /** Undefined for the embedded database. */
  databaseUrl: string | undefined;
  /** Not a contender's server. */
  isProduct: boolean;
}
