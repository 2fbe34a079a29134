/** What is said of promo codes. */
export interface CodeWords {
  ask: string;
  redeemed(granted: number, available: number): string;
  unknown: string;
  /** By this user, or by others. */
  used: Record<'byUser' | 'byOthers', string>;
  expired: string;
  /** Too many wrong ones. */
  wait(seconds: number): string;
}
