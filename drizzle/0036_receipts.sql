ALTER TABLE "reservations" ADD COLUMN "price_version" integer;--> statement-breakpoint
ALTER TABLE "reservations" ADD COLUMN "terms" text;--> statement-breakpoint
ALTER TABLE "reservations" ADD COLUMN "commit_terms" text;