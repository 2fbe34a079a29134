/** Examples that stand for a value of the moment: the page at /docs puts the last id, or a new key, in their place. */

export const EXAMPLE_RESERVATION = 'rsv_AAAAAAAAAAEBkQAAAAB8AIAAAAAAAAAB';
export const EXAMPLE_API_KEY = 'key_0Ab1Cd2Ef3Gh4Ij5';
export const EXAMPLE_WEBHOOK = 'whk_0123456789abcdef01234567';
export const EXAMPLE_PROMO_CODE = 'MAY-K7PX-M4QT-9WVHN';
/** As it stands a second try would be a replay of the first. */
export const EXAMPLE_IDEMPOTENCY_KEY = 'made-new-for-each-try';
