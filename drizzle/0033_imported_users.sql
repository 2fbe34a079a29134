-- What accounts have that no entry of their own tells.
CREATE TABLE "carried" (
	"user_id" bigint PRIMARY KEY NOT NULL,
	"spent" bigint NOT NULL
);
--> statement-breakpoint
-- Tokens that come from elsewhere are transfers. Older entries are not looked at here, and not held up.
ALTER TABLE "entries" DROP CONSTRAINT "entries_kind";--> statement-breakpoint
ALTER TABLE "entries" ADD CONSTRAINT "entries_kind" CHECK (kind in ('grant', 'charge', 'refund', 'expiry', 'revoke', 'adjustment', 'transfer')) NOT VALID;
