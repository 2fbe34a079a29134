import type { CodeState } from '../promo/promo-code.js';

/** The part of an account's transaction that redeems. */
export interface Redeeming {
  /** For this user, whose account is locked: nobody else counts their uses. */
  findPromoCode(code: string): Promise<CodeState | null>;
  /** Takes one of the code's uses; false where none is left, or it was deleted. Until then others wait for the row. */
  takePromoUse(code: string): Promise<boolean>;
  insertRedemption(code: string, answer: string): Promise<void>;
}
