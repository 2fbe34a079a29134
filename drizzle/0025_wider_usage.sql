-- Wider sums of usage (docs/decisions/0018-usage.md), filled from those there are while nobody adds to them.
SELECT 1 FROM "marks" WHERE "reader" = 'usage' FOR UPDATE;--> statement-breakpoint
CREATE TABLE "usage_totals" (
	"unit" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"commits" bigint NOT NULL,
	"charged" bigint NOT NULL,
	"refunded" bigint NOT NULL,
	"uncollected" bigint NOT NULL,
	"granted" bigint NOT NULL,
	"expired" bigint NOT NULL,
	"revoked" bigint NOT NULL,
	"adjusted" bigint NOT NULL,
	CONSTRAINT "usage_totals_unit_starts_at_pk" PRIMARY KEY("unit","starts_at"),
	CONSTRAINT "usage_totals_unit" CHECK (unit in ('hour', 'day', 'month'))
);
--> statement-breakpoint
CREATE TABLE "usage_user_years" (
	"user_id" bigint NOT NULL,
	"year" timestamp with time zone NOT NULL,
	"commits" bigint NOT NULL,
	"charged" bigint NOT NULL,
	"refunded" bigint NOT NULL,
	"uncollected" bigint NOT NULL,
	"granted" bigint NOT NULL,
	"expired" bigint NOT NULL,
	"revoked" bigint NOT NULL,
	"adjusted" bigint NOT NULL,
	CONSTRAINT "usage_user_years_user_id_year_pk" PRIMARY KEY("user_id","year")
);
--> statement-breakpoint
-- Room for rows that are added to again and again, so that they need no new line in the index.
ALTER TABLE "usage_user_years" SET (fillfactor = 70);--> statement-breakpoint
INSERT INTO "usage_totals" ("unit", "starts_at", "commits", "charged", "refunded", "uncollected", "granted", "expired", "revoked", "adjusted")
SELECT u.unit, date_trunc(u.unit, s."starts_at", 'UTC'), sum("commits"), sum("charged"), sum("refunded"), sum("uncollected"), sum("granted"), sum("expired"), sum("revoked"), sum("adjusted")
FROM "usage_sums" s CROSS JOIN (VALUES ('hour'), ('day'), ('month')) u(unit) WHERE s."unit" = 'hour' GROUP BY 1, 2;--> statement-breakpoint
INSERT INTO "usage_user_years" ("user_id", "year", "commits", "charged", "refunded", "uncollected", "granted", "expired", "revoked", "adjusted")
SELECT "user_id", date_trunc('year', "month", 'UTC'), sum("commits"), sum("charged"), sum("refunded"), sum("uncollected"), sum("granted"), sum("expired"), sum("revoked"), sum("adjusted") FROM "usage_users" GROUP BY 1, 2;--> statement-breakpoint
ALTER TABLE "usage_sums" DROP CONSTRAINT "usage_sums_unit";--> statement-breakpoint
INSERT INTO "usage_sums" ("unit", "starts_at", "tier", "operation", "model", "commits", "charged", "refunded", "uncollected", "granted", "expired", "revoked", "adjusted", "first_id", "last_id")
SELECT 'month', date_trunc('month', "starts_at", 'UTC'), "tier", "operation", "model", sum("commits"), sum("charged"), sum("refunded"), sum("uncollected"), sum("granted"), sum("expired"), sum("revoked"), sum("adjusted"), min("first_id"), max("last_id")
FROM "usage_sums" WHERE "unit" = 'day' GROUP BY 2, 3, 4, 5;--> statement-breakpoint
ALTER TABLE "usage_sums" ADD CONSTRAINT "usage_sums_unit" CHECK (unit in ('hour', 'day', 'month'));--> statement-breakpoint
-- A version that does not keep the new sums cannot move the mark: its roll-up fails, and its answers stay right.
ALTER TABLE "marks" ADD COLUMN "summed_id" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE "marks" SET "summed_id" = "through_id";--> statement-breakpoint
ALTER TABLE "marks" ADD CONSTRAINT "marks_all_sums" CHECK (reader <> 'usage' or summed_id = through_id);
