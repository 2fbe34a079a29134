/** Tells every instance that something cached has changed, or who is there. */
export type BusEvent =
  | { kind: 'catalogue' }
  | { kind: 'user'; userId: number }
  | { kind: 'api_key'; id: string }
  | { kind: 'clock' }
  | { kind: 'instance'; id: string; host: string; version: string; startedAt: number }
  /** Events may have been missed: forget everything. */
  | { kind: 'all' };

export interface Bus {
  /** Reaches the listeners of this process at once and those of others soon (best effort; caches also have a TTL). */
  publish(event: BusEvent): void;
  subscribe(listener: (event: BusEvent) => void): void;
  close(): Promise<void>;
}
