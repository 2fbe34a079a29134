/** Work that waits its turn; `drop` is called instead where it is no longer wanted. */
export interface Task {
  run: () => Promise<void>;
  drop: () => void;
  /** What it is an order of, for `has`. */
  of?: string | undefined;
}

/**
 * One line a chat, so that a user's messages are worked in order and users never wait for each other; `most` at once
 * over all chats. A line that grows past `longest` refuses what comes next.
 */
export class ChatQueues {
  readonly #most: number;
  readonly #longest: number;
  readonly #lines = new Map<string, Task[]>();
  readonly #ready: string[] = [];
  /** Lines that begin at `release`. */
  readonly #held = new Set<string>();
  #running = 0;
  #idle: (() => void)[] = [];
  #stopped = false;

  constructor(most = 200, longest = 20) {
    this.#most = most;
    this.#longest = longest;
  }

  /** Tasks that run. */
  get size(): number {
    return this.#running;
  }

  /** Nothing runs, and nothing waits. */
  get empty(): boolean {
    return this.#lines.size === 0;
  }

  /** False: this line is full, the task was not taken. A line that begins with one that is `held` waits for `release`. */
  add(key: string, task: Task, held = false): boolean {
    const line = this.#lines.get(key);
    if (line === undefined) {
      this.#lines.set(key, [task]);
      if (held) this.#held.add(key);
      else this.#ready.push(key);
    } else if (line.length >= this.#longest) return false;
    else line.push(task);
    this.#next();
    return true;
  }

  /** Whether such an order waits or runs in this line. */
  has(key: string, of: string): boolean {
    return this.#lines.get(key)?.some((task) => task.of === of) ?? false;
  }

  /** The held lines may begin. */
  release(): void {
    this.#ready.push(...this.#held);
    this.#held.clear();
    this.#next();
  }

  /** Drops what waits behind what runs; says how many. */
  dropWaiting(key: string): number {
    // A line that has not begun has nothing running in front.
    const begun = !this.#held.has(key) && !this.#ready.includes(key);
    const dropped = this.#lines.get(key)?.splice(begun ? 1 : 0) ?? [];
    for (const task of dropped) task.drop();
    return dropped.length;
  }

  /** Begins nothing more; resolves when what runs has ended. What waits stays in the journal for the next start. */
  async drain(): Promise<void> {
    this.#stopped = true;
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #next(): void {
    while (!this.#stopped && this.#running < this.#most && this.#ready.length > 0) {
      const key = this.#ready.shift() as string;
      const task = this.#lines.get(key)?.[0];
      if (task === undefined) {
        // All of it was dropped before it began.
        this.#lines.delete(key);
        continue;
      }
      this.#running++;
      // Failed or not, it is the next one's turn: of a failure its maker hears first.
      const finished = () => this.#finished(key);
      task.run().then(finished, finished);
    }
  }

  #finished(key: string): void {
    this.#running--;
    const line = this.#lines.get(key);
    line?.shift();
    if (line === undefined || line.length === 0) this.#lines.delete(key);
    // To the back: a chat with twenty messages must not keep its place ahead of nineteen other chats.
    else this.#ready.push(key);
    this.#next();
    if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
