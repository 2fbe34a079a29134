/** One running process of the service; times in ms since the epoch. */
export interface InstanceSeen {
  /** Made at its start. */
  id: string;
  host: string;
  version: string;
  startedAt: number;
  /** When it last said that it is there. */
  seenAt: number;
}

export interface Instances {
  /** This one first. Only those that share a Redis hear of each other. */
  seen(): InstanceSeen[];
}
