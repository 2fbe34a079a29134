/** What the console reads of GET /service. */
export interface Instance {
  id: string;
  host: string;
  version: string;
  startedAt: string;
  seenAt: string;
}

export interface Pool {
  name: string;
  size: number;
  idle: number;
  most: number;
  waiting: number;
}

export interface Setting {
  name: string;
  value: string | null;
}

export interface Service {
  version: string;
  node: string;
  database: 'postgres' | 'pglite';
  clockBehindMs: number;
  instances: Instance[];
  pools: Pool[];
  settings: Setting[];
}
