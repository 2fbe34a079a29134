import type { BillingClient, Operation, Pack, Tier } from '../billing/index.js';

export interface Goods {
  tiers: Tier[];
  packs: Pack[];
  operations: Operation[];
}

/** Long enough to answer taps without asking, short enough that a changed price shows soon. */
const FRESH_MS = 30_000;

/** What the service sells and what things cost, asked for when needed; nothing here is the bot's own. */
export class Catalogue {
  readonly #billing: BillingClient;
  #last: { goods: Goods; atMs: number } | undefined;
  #asking: Promise<Goods> | undefined;

  constructor(billing: BillingClient) {
    this.#billing = billing;
  }

  /** Throws `BillingError` where the service is away. */
  async goods(): Promise<Goods> {
    if (this.#last !== undefined && Date.now() - this.#last.atMs < FRESH_MS) return this.#last.goods;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** The last answer, no matter how old: for names and figures in what is told, never for a decision. */
  lastHeard(): Goods | undefined {
    return this.#last?.goods;
  }

  lastPrice(operation: string): number {
    return this.#last?.goods.operations.find((one) => one.id === operation)?.price ?? 0;
  }

  async #ask(): Promise<Goods> {
    const billing = this.#billing;
    const [tiers, packs, operations] = await Promise.all([
      billing.tiers(),
      billing.packs(),
      billing.operations(),
    ]);
    const goods = { tiers: tiers.items, packs: packs.items, operations: operations.items };
    this.#last = { goods, atMs: Date.now() };
    return goods;
  }
}
