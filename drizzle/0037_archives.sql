-- What stays of entries that went into files (docs/decisions/0026-archive.md).
CREATE TABLE "archives" (
	"low" bigint PRIMARY KEY NOT NULL,
	"high" bigint NOT NULL,
	"file" text NOT NULL,
	"rows" bigint NOT NULL,
	"amount" text NOT NULL,
	"sha256" text NOT NULL,
	"previous" text,
	"last_at" timestamp with time zone,
	"archived_at" timestamp with time zone NOT NULL,
	CONSTRAINT "archives_span" CHECK (low < high)
);
--> statement-breakpoint
ALTER TABLE "carried" ADD COLUMN "entries" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "carried" ADD COLUMN "total" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
CREATE TRIGGER archives_immutable BEFORE UPDATE OR DELETE ON "archives" FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER archives_not_truncated BEFORE TRUNCATE ON "archives" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
