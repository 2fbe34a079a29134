/** Every table. Hot tables (accounts, reservations, entries, idempotency_keys) have user_id in every key. */
export * from './archive-tables.js';
export * from './audit-log-tables.js';
export * from './carried-tables.js';
export * from './event-tables.js';
export * from './former-user-tables.js';
export * from './ledger-tables.js';
export * from './payment-tables.js';
export * from './profile-tables.js';
export * from './promo-tables.js';
export * from './refusal-tables.js';
export * from './usage-tables.js';
export * from './webhook-tables.js';
