CREATE TABLE "promo_batches" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "promo_batches_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"amount" bigint NOT NULL,
	"expires_at" timestamp with time zone,
	"uses" integer NOT NULL,
	"uses_per_user" integer NOT NULL,
	"grant_seconds" integer,
	"reason" text NOT NULL,
	"prefix" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"key_hash" uuid,
	"payload_hash" uuid
);
--> statement-breakpoint
CREATE TABLE "promo_codes" (
	"code" text PRIMARY KEY NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "promo_codes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"batch_id" bigint NOT NULL,
	"used" integer DEFAULT 0 NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "promo_codes_used" CHECK (used >= 0)
);
--> statement-breakpoint
CREATE TABLE "promo_redemptions" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "promo_redemptions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"user_id" bigint NOT NULL,
	"code" text NOT NULL,
	"redeemed_at" timestamp with time zone NOT NULL,
	"answer" text NOT NULL,
	CONSTRAINT "promo_redemptions_user_id_code_id_pk" PRIMARY KEY("user_id","code","id")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "promo_batches_key" ON "promo_batches" USING btree ("key_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "promo_codes_id" ON "promo_codes" USING btree ("id");--> statement-breakpoint
CREATE INDEX "promo_codes_batch" ON "promo_codes" USING btree ("batch_id");