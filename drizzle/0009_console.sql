-- outside a transaction: writers go on while the index of many payments is built. One that was left half built goes first.
CREATE TABLE IF NOT EXISTS "console_sessions" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"key_hash" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "payments_payment_id";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "payments_payment_id" ON "payments" USING btree ("payment_id");
