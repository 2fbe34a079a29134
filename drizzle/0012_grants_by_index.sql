-- Two indexes have taken its place (0005). Not there: what runs outside a transaction waits for a table without a bound.
ALTER TABLE "grants" DROP CONSTRAINT IF EXISTS "grants_once_per_period";
