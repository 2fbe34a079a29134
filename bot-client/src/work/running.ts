/** Why work was ended from outside. */
export type StopReason = 'user' | 'shutdown';

interface Run {
  place: string;
  controller: AbortController;
}

/** Paid work under way, so that Stop, /cancel and a shutdown can reach it. */
export class Running {
  readonly #runs = new Map<string, Run>();

  get size(): number {
    return this.#runs.size;
  }

  start(id: string, place: string): AbortSignal {
    const controller = new AbortController();
    this.#runs.set(id, { place, controller });
    return controller.signal;
  }

  end(id: string): void {
    this.#runs.delete(id);
  }

  /** False: there is nothing of that user's by this name. */
  stop(id: string, place: string): boolean {
    const run = this.#runs.get(id);
    if (run === undefined || run.place !== place) return false;
    run.controller.abort('user' satisfies StopReason);
    return true;
  }

  /** Stops all of one user's in one chat; says whether there was anything. */
  stopAll(place: string): boolean {
    const mine = [...this.#runs].filter(([, run]) => run.place === place);
    for (const [id] of mine) this.stop(id, place);
    return mine.length > 0;
  }

  shutDown(): void {
    for (const run of this.#runs.values()) run.controller.abort('shutdown' satisfies StopReason);
  }
}
