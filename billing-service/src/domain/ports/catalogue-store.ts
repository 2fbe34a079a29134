import type { Catalogue, Operation, Pack, PriceList, PriceVersion, Tier } from '../catalogue/catalogue.js';
import type { Author } from './audit-log.js';

export interface CatalogueStore {
  /** The present catalogue, always in memory; refreshed when an instance publishes a change, and every 300 s. */
  current(): Catalogue;
  refresh(): Promise<void>;
  /** An earlier price list, for answers that are given again. */
  priceList(id: number): Promise<PriceList>;
  /** An operation's prices of one version, for ever the same. */
  priceVersion(operation: string, version: number): Promise<PriceVersion>;
  /** What can be written to it, with the author's line in the audit log. */
  by(author: Author): CatalogueEditor;
}

export interface CatalogueEditor extends Pick<CatalogueStore, 'current' | 'refresh'> {
  /** Writes the tier where `matches` says yes to the present one (undefined: there is none); judged under a lock. */
  putTier(tier: Tier, matches: (present: Tier | undefined) => boolean): Promise<PutOutcome>;
  putOperation(
    operation: Operation,
    matches: (present: Operation | undefined) => boolean,
  ): Promise<PutOutcome>;
  putPack(pack: Pack, matches: (present: Pack | undefined) => boolean): Promise<PutOutcome>;
}
/** `full`: it would be one more than MAX_ITEMS. */
export type PutOutcome = 'created' | 'replaced' | 'precondition_failed' | 'full';
