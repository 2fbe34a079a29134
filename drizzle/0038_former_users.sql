CREATE TABLE "former_users" (
	"user_id" bigint PRIMARY KEY NOT NULL,
	"merged_into" bigint,
	"grant_offset" integer DEFAULT 0 NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"texts_left" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX "former_users_merged" ON "former_users" USING btree ("merged_into") WHERE merged_into is not null;--> statement-breakpoint
CREATE INDEX "former_users_texts" ON "former_users" USING btree ("user_id") WHERE texts_left;
--> statement-breakpoint
-- The ledger's figures never change. The words beside them can be emptied where a user is erased, and only by a
-- transaction that says that it does that. The triggers stay as they are, so no table is locked for this.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_LEVEL = 'ROW' AND TG_OP = 'UPDATE' AND current_setting('farebox.erasing', true) = 'on' THEN
    -- A table without metadata gains a member here that its rows do not have.
    IF to_jsonb(NEW) = jsonb_set(to_jsonb(OLD), '{metadata}', 'null') THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'table % only takes inserts', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
