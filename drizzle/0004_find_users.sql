-- outside a transaction
-- What GET /users searches by. Nothing else waits while they are built; one that was left half built is made again.
DROP INDEX CONCURRENTLY IF EXISTS "user_references_search";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "user_references_search" ON "user_references" USING btree (lower("reference") text_pattern_ops,"user_id");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "user_references_search_id";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "user_references_search_id" ON "user_references" USING btree (lower(substr("reference", strpos("reference", ':') + 1)) text_pattern_ops,"user_id");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "users_tier";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "users_tier" ON "users" USING btree ("tier","id");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "users_username";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "users_username" ON "users" USING btree (lower("username") text_pattern_ops,"id") WHERE username is not null;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "users_first_name";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "users_first_name" ON "users" USING btree (lower("first_name") text_pattern_ops,"id") WHERE first_name is not null;
