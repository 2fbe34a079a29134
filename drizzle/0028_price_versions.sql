CREATE TABLE "operation_prices" (
	"operation" text NOT NULL,
	"version" integer NOT NULL,
	"price" bigint NOT NULL,
	"rates" jsonb NOT NULL,
	"unpriced" text NOT NULL,
	CONSTRAINT "operation_prices_operation_version_pk" PRIMARY KEY("operation","version")
);
--> statement-breakpoint
ALTER TABLE "operations" ADD COLUMN "rates" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "operations" ADD COLUMN "unpriced" text DEFAULT 'refuse' NOT NULL;--> statement-breakpoint
INSERT INTO operation_prices SELECT id, 1, price, rates, unpriced FROM operations;
--> statement-breakpoint
CREATE TRIGGER operation_prices_immutable BEFORE UPDATE OR DELETE ON operation_prices FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER operation_prices_not_truncated BEFORE TRUNCATE ON operation_prices FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- Whoever writes an operation, an instance of the version before included, makes a version of its prices by it.
CREATE FUNCTION keep_price_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  latest operation_prices;
BEGIN
  SELECT * INTO latest FROM operation_prices WHERE operation = NEW.id ORDER BY version DESC LIMIT 1;
  IF latest.version IS NULL OR (latest.price, latest.rates, latest.unpriced) IS DISTINCT FROM (NEW.price, NEW.rates, NEW.unpriced) THEN
    INSERT INTO operation_prices VALUES (NEW.id, coalesce(latest.version, 0) + 1, NEW.price, NEW.rates, NEW.unpriced);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER operations_keep_prices AFTER INSERT OR UPDATE ON operations FOR EACH ROW EXECUTE FUNCTION keep_price_version();
