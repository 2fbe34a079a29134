import type { ReserveRequest } from './types.js';

/**
 * One paid piece of work, from before its tokens are held until they are settled. `planned`: a hold may or may not
 * exist; `reserved`: it does; `delivered`: the user has the result and owes `cost`.
 */
export interface WorkRecord {
  key: string;
  request: ReserveRequest;
  state: 'planned' | 'reserved' | 'delivered';
  reservationId?: string;
  cost?: number;
  /** The frontend's own: where to tell the user, and so on. */
  note: Record<string, unknown>;
}

/** Where work in flight is written down. Each promise resolves when the fact would survive a crash. */
export interface WorkLog {
  planned(record: WorkRecord): Promise<void>;
  reserved(key: string, reservationId: string): Promise<void>;
  delivered(key: string, cost: number): Promise<void>;
  settled(key: string): Promise<void>;
  open(): WorkRecord[];
}

/** For a frontend that may forget at a crash: its holds expire by themselves within minutes. */
export class MemoryWorkLog implements WorkLog {
  readonly #works = new Map<string, WorkRecord>();

  async planned(record: WorkRecord): Promise<void> {
    this.#works.set(record.key, record);
  }
  async reserved(key: string, reservationId: string): Promise<void> {
    this.#change(key, { state: 'reserved', reservationId });
  }
  async delivered(key: string, cost: number): Promise<void> {
    this.#change(key, { state: 'delivered', cost });
  }
  async settled(key: string): Promise<void> {
    this.#works.delete(key);
  }
  open(): WorkRecord[] {
    return [...this.#works.values()];
  }

  #change(key: string, change: Partial<WorkRecord>): void {
    const work = this.#works.get(key);
    if (work !== undefined) this.#works.set(key, { ...work, ...change });
  }
}
