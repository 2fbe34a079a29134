CREATE TABLE "refusals" (
	"user_id" bigint NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"operation" text NOT NULL,
	"kind" text NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "refusals_user_id_hour_operation_kind_pk" PRIMARY KEY("user_id","hour","operation","kind")
);
--> statement-breakpoint
CREATE INDEX "refusals_hour" ON "refusals" USING btree ("hour");