-- outside a transaction: writers go on while the index of a large ledger is built. One that was left half built goes first.
DROP INDEX CONCURRENTLY IF EXISTS "entries_id";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "entries_id" ON "entries" USING btree ("id");
