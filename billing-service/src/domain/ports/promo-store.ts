import type { CodeState, PromoCode, PromoTerms } from '../promo/promo-code.js';
import type { Author } from './audit-log.js';
import type { IdempotencyKey } from './ledger.js';

export interface PromoStore {
  /** Null where there never was such a code. */
  find(code: string, userId: number): Promise<CodeState | null>;
  /** Newest first, without those deleted; `before` is the last one's id of the page before. */
  list(page: { limit: number; before: number | undefined }): Promise<PromoCode[]>;
  /** What a key made: the stored codes in the order in which they were made; null where it made none. */
  made(key: IdempotencyKey): Promise<{ payloadHash: string; codes: string[] } | null>;
  by(author: Author): PromoEditor;
}

export interface PromoEditor {
  /** `codes` are as they are stored. False where the key has made some already. */
  create(terms: PromoTerms, codes: readonly string[], key: IdempotencyKey | undefined): Promise<boolean>;
  /** False where there is none. */
  remove(code: string): Promise<boolean>;
}
