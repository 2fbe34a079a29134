import { ADMIN_KEY } from '../servers/service-process.js';

/** `gone`: the caller hung up. */
export type Outcome = 'done' | 'refused' | 'gone';

export interface Told {
  outcome: Outcome;
  /** By performance.now(). */
  at: number;
  ms: number;
}

/** As the callers of the fault report did. */
const GIVE_UP_MS = 3_000;

export class Caller {
  readonly #url: string;
  #asked = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** Throws where an answer is neither what was asked for nor a 503 that says when to come again. */
  async post(path: string, body: object): Promise<Told & { answer: unknown }> {
    const startedAt = performance.now();
    const told = (outcome: Outcome, answer?: unknown) => {
      const at = performance.now();
      return { outcome, at, ms: at - startedAt, answer };
    };
    try {
      const response = await fetch(`${this.#url}${path}`, {
        method: 'POST',
        signal: AbortSignal.timeout(GIVE_UP_MS),
        headers: {
          authorization: `Bearer ${ADMIN_KEY}`,
          'content-type': 'application/json',
          'idempotency-key': `overload ${this.#asked++}`,
        },
        body: JSON.stringify(body),
      });
      const answer = await response.json();
      if (response.ok) return told('done', answer);
      if (response.status === 503 && Number(response.headers.get('retry-after')) > 0) return told('refused');
      throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    } catch (error) {
      if ((error as Error).name === 'TimeoutError') return told('gone');
      throw error;
    }
  }

  grant(user: string): Promise<Told> {
    return this.post('/tokens/grant', { user, amount: 1_000, source: 'promo', reason: 'bench' });
  }
}
