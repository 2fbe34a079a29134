import type { Params } from './types.js';

/**
 * Trouble on order. `refuse`: answers with an error before anything happens. `hang`: never answers, nothing happens.
 * `lose-reply`: does it, then cuts the connection. `hold-reply`: does it, and never
 * answers. `slow`: does it after `delayMs`.
 */
export interface Fault {
  method: string;
  kind: 'refuse' | 'hang' | 'lose-reply' | 'hold-reply' | 'slow';
  times: number;
  code?: number;
  description?: string;
  retryAfterSeconds?: number;
  delayMs?: number;
  when?: (params: Params) => boolean;
}

export class Faults {
  #list: Fault[] = [];

  order(fault: Omit<Fault, 'times'> & { times?: number }): void {
    this.#list.push({ times: 1, ...fault });
  }

  clear(): void {
    this.#list = [];
  }

  /** The fault this call meets, used up by it. */
  take(method: string, params: Params): Fault | undefined {
    const fault = this.#list.find(
      (one) => one.times > 0 && (one.method === method || one.method === '*') && (one.when?.(params) ?? true),
    );
    if (fault !== undefined) fault.times--;
    return fault;
  }
}
