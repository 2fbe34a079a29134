import type { Author } from '../../src/domain/ports/audit-log.js';

/** For writes that a test makes past the HTTP side. */
export const TEST_AUTHOR: Author = {
  actor: { apiKeyId: 'test', name: 'a test', via: 'api' },
  ...{ action: 'test', requestId: 'test', at: 0, reason: null },
};
