-- outside a transaction
-- What is returned of a payment's tokens after their period is a grant of that payment, so a period may have several.
-- Both keys are built while the service serves; a build that failed leaves an index that is not valid, so it goes first.
DROP INDEX CONCURRENTLY IF EXISTS "grants_granted_once_per_period";--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY "grants_granted_once_per_period" ON "grants" USING btree ("user_id","tenure","period") WHERE source = 'tier';--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "grants_returned_once_per_period";--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY "grants_returned_once_per_period" ON "grants" USING btree ("user_id","tenure","period",coalesce(payment_provider, ''),coalesce(payment_id, '')) WHERE source = 'refund';
