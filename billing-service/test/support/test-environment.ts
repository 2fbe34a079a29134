/** What the launcher (scripts/test.mjs) tells test files: the only place of the tests that reads the environment. */

export type Teardown = { teardown(fn: () => Promise<unknown> | unknown): unknown };

type Name =
  | 'TEST_DATABASE_URL'
  | 'TEST_POOLER_URL'
  | 'TEST_ALL_POOLED'
  | 'TEST_HAPROXY'
  | 'TEST_PROMETHEUS'
  | 'TEST_REDIS_URL'
  | 'TEST_REDIS_SERVER'
  | 'TEST_CHROMIUM'
  | 'TEST_SCHEMATHESIS'
  | 'TEST_SYSTEMD_ANALYZE'
  | 'TEST_PG_DUMP'
  | 'TEST_RUN_FOLDER'
  | 'CI'
  | 'FC_SEED'
  | 'FC_SCALE'
  | 'FC_SHRINK';

/** Throws one clear line when somebody runs a test file by hand. */
export function required(name: Name): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this file with npm test -- <part of its path>`);
  return value;
}

/** Undefined when a test file is run by hand, where that does no harm. */
export function optional(name: Name): string | undefined {
  return process.env[name] || undefined;
}

/**
 * Options of a test that needs a program which not every machine has: left out, with a word, where it is missing. Never
 * in CI: there the test runs, and fails by saying what it could not find.
 */
export function whereFound(name: Name, program: string): { skip?: string } {
  return optional(name) || optional('CI') ? {} : { skip: `${program} is not installed` };
}
