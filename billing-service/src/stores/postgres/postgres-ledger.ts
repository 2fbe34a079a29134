import type { Clock } from '../../domain/clock.js';
import type {
  HotReserve,
  HotSettle,
  Ledger,
  PurseTransaction,
  ReserveItem,
  SettleItem,
  SlowCall,
} from '../../domain/ledger.js';
import type { Purse } from '../../domain/purse.js';
import { type CatalogueStore, UnavailableError } from '../stores.js';
import { findAnswer } from './answer-rows.js';
import type { Batch } from './batch.js';
import type { Database } from './database.js';
import { withLockedPurse } from './purse-store.js';
import { reserveBatch } from './reserve-batch.js';
import { settleBatch } from './settle-batch.js';

export interface LedgerContext {
  clock: Clock;
  catalogue: CatalogueStore;
  /** The user's plan changed: drop the profile everywhere. */
  onPlanChange(userId: number): void;
}

/** Postgres or PGlite behind the domain's Ledger. */
export class PostgresLedger implements Ledger {
  private readonly reserves: Batch<ReserveItem, HotReserve>;
  private readonly settles: Batch<SettleItem, HotSettle>;
  /** The last slow call of an account in this process: they run one after the other, so that a busy account's
   * waiters do not hold all connections, and in the order in which they came. */
  private readonly tails = new Map<number, Promise<unknown>>();

  constructor(
    private readonly database: Database,
    private readonly context: LedgerContext,
  ) {
    const hot = () => ({ now: context.clock.now(), priceList: context.catalogue.current().priceList });
    this.reserves = reserveBatch(database, hot);
    this.settles = settleBatch(database, hot);
  }

  reserve(item: ReserveItem): Promise<HotReserve> {
    return orSlow(this.reserves.add(item));
  }

  settle(item: SettleItem): Promise<HotSettle> {
    return orSlow(this.settles.add(item));
  }

  answerOf(userId: number, keyHash: string) {
    return findAnswer(this.database, userId, keyHash);
  }

  async withPurse<T>(
    call: SlowCall,
    act: (purse: Purse, tx: PurseTransaction) => Promise<T> | T,
  ): Promise<T> {
    const { value, planChanged } = await this.inOrder(call.userId, () =>
      this.database.transaction((tx) => {
        const catalogue = this.context.catalogue.current();
        const tierOf = (id: string) => {
          const tier = catalogue.tiers.get(id);
          if (!tier) throw new Error(`tier ${id} is not in the catalogue`);
          return tier;
        };
        const { priceList } = catalogue;
        return withLockedPurse(tx, call, { now: this.context.clock.now(), tierOf, priceList }, act);
      }),
    );
    if (planChanged) this.context.onPlanChange(call.userId);
    return value;
  }

  private inOrder<T>(userId: number, run: () => Promise<T>): Promise<T> {
    const before = this.tails.get(userId) ?? Promise.resolve();
    const mine = before.then(run, run);
    this.tails.set(userId, mine);
    const forget = () => {
      if (this.tails.get(userId) === mine) this.tails.delete(userId);
    };
    mine.then(forget, forget);
    return mine;
  }
}

/**
 * A statement that failed as a whole did nothing (a key that another instance stored a moment ago, one bad item), so
 * each of its items is tried alone. Where the database was away nobody knows, and the caller is told to ask again.
 */
async function orSlow<T extends HotReserve | HotSettle>(answer: Promise<T>): Promise<T | { status: 'slow' }> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    return { status: 'slow' };
  }
}
