-- outside a transaction
-- Which grants and which paid time end soon. Nothing else waits while they are built; a half built one is made again.
DROP INDEX CONCURRENTLY IF EXISTS "grants_expiring";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "grants_expiring" ON "grants" USING btree ("expires_at") WHERE source <> 'tier' and expires_at is not null;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "users_tier_due";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "users_tier_due" ON "users" USING btree ("tier_due_at") WHERE tier_due_at is not null;
