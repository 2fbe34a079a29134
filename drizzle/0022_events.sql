-- Events: what happened, in the order in which it is told (docs/events.md), and what is told of besides the ledger.
-- Such a row is numbered by the entries' own sequence, and only when its transaction has a number: a reader's mark passes
-- none that is still to appear (docs/decisions/0018-usage.md).
CREATE FUNCTION next_happening_id() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_current_xact_id();
	RETURN nextval(coalesce(pg_get_serial_sequence('entries', 'id'), 'entries_id_seq'));
END $$;
--> statement-breakpoint
CREATE TABLE "event_counts" (
	"user_id" bigint PRIMARY KEY NOT NULL,
	"last" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"type" text NOT NULL,
	"user_id" bigint,
	"sequence" bigint,
	"at" timestamp with time zone NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	"data" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "happenings" (
	"id" bigint PRIMARY KEY DEFAULT next_happening_id() NOT NULL,
	"type" text NOT NULL,
	"user_id" bigint,
	"at" timestamp with time zone NOT NULL,
	"data" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "limit_hits" (
	"user_id" bigint NOT NULL,
	"operation" text NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	CONSTRAINT "limit_hits_user_id_operation_pk" PRIMARY KEY("user_id","operation")
);
--> statement-breakpoint
CREATE INDEX "events_user" ON "events" USING btree ("user_id","id");
--> statement-breakpoint
-- A row a user, counted up again and again.
ALTER TABLE "event_counts" SET (fillfactor = 70);
--> statement-breakpoint
-- Told from now on: nobody waits for what happened before there were events. `events-kept`: what is up to it was dropped.
-- `events-ahead`: what ends within 3 days of that moment (ms since the epoch) was told; 0: none yet.
INSERT INTO "marks" ("reader", "through_id") VALUES
	('events', coalesce((SELECT id FROM entries ORDER BY id DESC LIMIT 1), 0)), ('events-kept', 0), ('events-ahead', 0);
