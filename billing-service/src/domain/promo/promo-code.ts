import { randomBytes } from 'node:crypto';

/** What all codes of one call have in common. */
export interface PromoTerms {
  /** Tokens. */
  amount: number;
  /** When it can be redeemed no more; null: never. ms since the epoch. */
  expiresAt: number | null;
  /** How often, by all users together. */
  uses: number;
  usesPerUser: number;
  /** How long the tokens live once they are there; null: without end. */
  grantSeconds: number | null;
  reason: string;
  /** What its codes begin with, as the operator wrote it; empty where nothing. */
  prefix: string;
}

export interface PromoCode extends PromoTerms {
  /** Its place in the list. */
  id: number;
  /** As it is stored: capital letters and digits, without dashes. */
  code: string;
  used: number;
  createdAt: number;
}

/** A code as it is at one moment, for one user. */
export interface CodeState {
  code: PromoCode;
  isDeleted: boolean;
  /** How often this user had it. */
  usedByUser: number;
  /** What this user's first use was answered, as JSON text; null where there was none. */
  firstAnswer: string | null;
}

export const MAX_CODES_A_CALL = 1000;
export const MAX_PREFIX = 16;
export const MAX_CODE = 64;

/**
 * No two of these are taken for each other, read or typed: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
 * 25^13 is a little more than 2^60, so that 13 of them hold 60 random bits.
 */
const LETTERS = 'ABCDEFGHJKMNPQRTVWXY34679';
const LENGTH = 13;
const RANDOM_BYTES = 8;
const RANDOM_BITS = 60n;
/** As it is stored. */
export function newCode(prefix: string): string {
  let bits = BigInt(`0x${randomBytes(RANDOM_BYTES).toString('hex')}`) & ((1n << RANDOM_BITS) - 1n);
  let code = '';
  for (let i = 0; i < LENGTH; i++) {
    code = LETTERS[Number(bits % 25n)] + code;
    bits /= 25n;
  }
  return storedCode(prefix) + code;
}

/** Case, dashes and spaces make no difference. */
export const storedCode = (typed: string): string => typed.replace(/[-\s]/g, '').toUpperCase();

/** As people are shown it: 4-4-5, so that nobody loses their place while typing. */
export const shownCode = (code: Pick<PromoCode, 'code' | 'prefix'>): string =>
  grouped(code, code.code.slice(-LENGTH));

/** For whoever may look and not give: which code it is, but not what could be redeemed. */
export const veiledCode = (code: Pick<PromoCode, 'code' | 'prefix'>): string =>
  grouped(code, code.code.slice(-LENGTH, 4 - LENGTH).padEnd(LENGTH, '*'));

const grouped = ({ prefix }: Pick<PromoCode, 'prefix'>, letters: string): string =>
  [
    ...(prefix === '' ? [] : [prefix.replace(/-$/, '')]),
    ...[letters.slice(0, 4), letters.slice(4, 8), letters.slice(8)],
  ].join('-');
