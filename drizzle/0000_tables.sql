CREATE TABLE "accounts" (
	"user_id" bigint PRIMARY KEY NOT NULL,
	"reserved" bigint DEFAULT 0 NOT NULL,
	"open_count" integer DEFAULT 0 NOT NULL,
	"front_grant_id" integer,
	"front_left" bigint DEFAULT 0 NOT NULL,
	"rest" bigint DEFAULT 0 NOT NULL,
	"debt" bigint DEFAULT 0 NOT NULL,
	"spent" bigint DEFAULT 0 NOT NULL,
	"hold_due_at" timestamp with time zone,
	"next_due_at" timestamp with time zone,
	CONSTRAINT "accounts_not_negative" CHECK (reserved >= 0 and open_count >= 0 and front_left >= 0 and rest >= 0 and debt >= 0),
	CONSTRAINT "accounts_debt_only_when_empty" CHECK (debt = 0 or (front_left = 0 and rest = 0))
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"prefix" text NOT NULL,
	"key_hash" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_keys_key_hash_unique" UNIQUE("key_hash")
);
--> statement-breakpoint
CREATE TABLE "entries" (
	"user_id" bigint NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"amount" bigint NOT NULL,
	"balance_after" bigint NOT NULL,
	"source" text,
	"operation" text,
	"reservation_id" uuid,
	"metadata" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "entries_user_id_id_pk" PRIMARY KEY("user_id","id"),
	CONSTRAINT "entries_kind" CHECK (kind in ('grant', 'charge', 'refund', 'expiry', 'revoke', 'adjustment'))
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"user_id" bigint NOT NULL,
	"id" integer NOT NULL,
	"source" text NOT NULL,
	"amount" bigint NOT NULL,
	"remaining" bigint NOT NULL,
	"ended" bigint DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone,
	"ends_at" timestamp with time zone,
	"tier" text,
	"tenure" integer,
	"period" integer,
	"payment_provider" text,
	"payment_id" text,
	"revoked" boolean DEFAULT false NOT NULL,
	"reason" text,
	"metadata" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "grants_user_id_id_pk" PRIMARY KEY("user_id","id"),
	CONSTRAINT "grants_once_per_period" UNIQUE("user_id","tenure","period","source"),
	CONSTRAINT "grants_range" CHECK (amount >= 0 and remaining >= 0 and remaining <= amount and ended >= 0),
	CONSTRAINT "grants_source" CHECK (source in ('tier', 'topup', 'promo', 'refund', 'adjustment'))
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"user_id" bigint NOT NULL,
	"key_hash" uuid NOT NULL,
	"payload_hash" uuid NOT NULL,
	"status" smallint NOT NULL,
	"answer" text NOT NULL,
	"available" bigint,
	"reserved" bigint,
	"price_list" integer,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_user_id_key_hash_pk" PRIMARY KEY("user_id","key_hash")
);
--> statement-breakpoint
CREATE TABLE "operations" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"price" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "packs" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"tokens" bigint NOT NULL,
	"prices" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"provider" text NOT NULL,
	"payment_id" text NOT NULL,
	"user_id" bigint NOT NULL,
	"reference" text NOT NULL,
	"product" jsonb NOT NULL,
	"currency" text NOT NULL,
	"amount" bigint NOT NULL,
	"metadata" text,
	"answer" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"refunded_at" timestamp with time zone,
	"refund_answer" text,
	CONSTRAINT "payments_provider_payment_id_pk" PRIMARY KEY("provider","payment_id")
);
--> statement-breakpoint
CREATE TABLE "price_lists" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "price_lists_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"prices" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reservations" (
	"user_id" bigint NOT NULL,
	"id" uuid NOT NULL,
	"reference" text NOT NULL,
	"operation" text NOT NULL,
	"amount" bigint NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	"asked" bigint,
	"charged" bigint DEFAULT 0 NOT NULL,
	"refunded_total" bigint DEFAULT 0 NOT NULL,
	"late" boolean DEFAULT false NOT NULL,
	"grant_id" integer,
	"parts" jsonb,
	"commit_available" bigint,
	"commit_reserved" bigint,
	"commit_price_list" integer,
	"metadata" text,
	CONSTRAINT "reservations_user_id_id_pk" PRIMARY KEY("user_id","id"),
	CONSTRAINT "reservations_status" CHECK (status in ('open', 'committed', 'refunded', 'expired')),
	CONSTRAINT "reservations_amounts" CHECK (amount >= 0 and charged >= 0 and refunded_total >= 0),
	CONSTRAINT "reservations_refund" CHECK (status <> 'committed' or refunded_total <= charged)
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tiers" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"monthly_tokens" bigint NOT NULL,
	"overdraft" bigint NOT NULL,
	"max_open_reservations" integer,
	"requires_channel" boolean NOT NULL,
	"prices" jsonb NOT NULL,
	"policies" jsonb NOT NULL,
	"features" jsonb NOT NULL,
	"position" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user_references" (
	"reference" text PRIMARY KEY NOT NULL,
	"user_id" bigint NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" bigint PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY (sequence name "users_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"username" text,
	"first_name" text,
	"locale" text,
	"tier" text NOT NULL,
	"tenure" integer DEFAULT 0 NOT NULL,
	"anchor" timestamp with time zone,
	"period" integer DEFAULT 0 NOT NULL,
	"period_granted" boolean DEFAULT false NOT NULL,
	"paid_until" timestamp with time zone,
	"coverage" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"queued" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"channel_subscribed_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_tier_tiers_id_fk" FOREIGN KEY ("tier") REFERENCES "public"."tiers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "accounts_next_due" ON "accounts" USING btree ("next_due_at") WHERE next_due_at is not null;--> statement-breakpoint
CREATE INDEX "idempotency_keys_age" ON "idempotency_keys" USING brin ("created_at");--> statement-breakpoint
CREATE INDEX "payments_user" ON "payments" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "payments_created" ON "payments" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "user_references_user" ON "user_references" USING btree ("user_id");