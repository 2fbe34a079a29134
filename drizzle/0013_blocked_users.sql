-- outside a transaction: users are read and written while their table is gone through. A half built index goes first.
DROP INDEX CONCURRENTLY IF EXISTS "users_blocked";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "users_blocked" ON "users" USING btree ("id") WHERE blocked_at is not null;
