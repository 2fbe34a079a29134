-- Paid time becomes a list of purchases, each with the piece of it that has begun and how many wait (docs/paid-time.md).
ALTER TABLE "payments" ADD COLUMN "base" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tiers" ADD COLUMN "grace_seconds" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "purchases" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "grace_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "tier_due_at" timestamp with time zone;--> statement-breakpoint
-- Where the length of each payment until a moment began: when it was told, or where that provider's earlier one ends.
UPDATE payments p SET base = greatest(p.created_at, (
  SELECT max((o.product->>'until')::timestamptz) FROM payments o
  WHERE o.user_id = p.user_id AND o.created_at < p.created_at AND o.provider = p.provider AND o.refunded_at IS NULL
    AND o.product->>'tier' = p.product->>'tier'
    AND (o.product->>'until')::timestamptz < (p.product->>'until')::timestamptz
))
WHERE p.product->>'until' IS NOT NULL;
--> statement-breakpoint
CREATE FUNCTION pg_temp.months_after(anchor timestamptz, n integer) RETURNS timestamptz LANGUAGE sql AS $$
  SELECT (anchor AT TIME ZONE 'UTC' + make_interval(months => n)) AT TIME ZONE 'UTC'
$$;
--> statement-breakpoint
-- The number of months from the anchor to a moment that begins one of them; null where none begins then.
CREATE FUNCTION pg_temp.months_at(anchor timestamptz, at timestamptz) RETURNS integer LANGUAGE sql AS $$
  SELECT n FROM (
    SELECT (12 * (extract(year FROM b) - extract(year FROM a)) + extract(month FROM b) - extract(month FROM a))::integer AS n
    FROM (SELECT anchor AT TIME ZONE 'UTC' AS a, at AT TIME ZONE 'UTC' AS b) moments
  ) counted WHERE pg_temp.months_after(anchor, n) = at
$$;
--> statement-breakpoint
CREATE FUNCTION pg_temp.in_ms(at timestamptz) RETURNS bigint LANGUAGE sql AS $$
  SELECT (extract(epoch FROM at) * 1000)::bigint
$$;
--> statement-breakpoint
-- What a user on a paid tier has paid for and not had: the period that has begun, whole, and all that lies behind it.
CREATE FUNCTION pg_temp.purchases_of(u users) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  began timestamptz := pg_temp.months_after(u.anchor, u.period);
  ends timestamptz := pg_temp.months_after(u.anchor, u.period + 1);
  running_until timestamptz := ends;
  covered_until timestamptz := ends;
  payer integer;
  list jsonb := '[]';
  bought record;
  rest_from timestamptz;
  months integer;
  by_hand integer := 0;
  piece jsonb;
BEGIN
  FOR bought IN
    SELECT i, c->>'provider' AS provider, c->>'paymentId' AS payment_id, (c->>'months')::integer AS months,
      to_timestamp((c->>'from')::numeric / 1000) AS starts, to_timestamp((c->>'until')::numeric / 1000) AS until
    FROM jsonb_array_elements(u.coverage) WITH ORDINALITY AS stretches(c, i) ORDER BY i
  LOOP
    covered_until := greatest(covered_until, bought.until);
    rest_from := greatest(bought.starts, ends);
    months := 0;
    -- A rest of a piece that is shorter than 15 days belongs to the piece that runs: its tokens were granted.
    IF bought.until > rest_from AND rest_from > bought.starts AND bought.until - rest_from < interval '15 days' THEN
      running_until := bought.until;
    ELSIF bought.until > rest_from THEN
      months := pg_temp.months_at(u.anchor, bought.until) - pg_temp.months_at(u.anchor, rest_from);
      IF bought.months IS NULL THEN months := NULL;
      ELSIF rest_from = bought.starts THEN months := bought.months;
      END IF;
    END IF;
    IF payer IS NULL AND (bought.starts = began OR bought.starts <= began AND began < bought.until) THEN
      payer := jsonb_array_length(list);
    ELSIF months = 0 THEN
      CONTINUE;
    END IF;
    list := list || jsonb_build_object(
      'tier', u.tier,
      'payment', jsonb_build_object('provider', bought.provider, 'paymentId', bought.payment_id),
      'order', jsonb_array_length(list) + 1,
      'waiting', months,
      'lengthMs', CASE WHEN months IS NULL THEN pg_temp.in_ms(bought.until) - pg_temp.in_ms(rest_from) END,
      'piece', NULL
    );
  END LOOP;
  -- Time behind everything that was paid for was set by hand; a tier without an end has a century.
  WHILE by_hand < 1200 AND pg_temp.months_after(covered_until, by_hand) < coalesce(u.paid_until, 'infinity') LOOP
    by_hand := by_hand + 1;
  END LOOP;
  IF payer IS NULL OR by_hand > 0 THEN
    payer := coalesce(payer, jsonb_array_length(list));
    list := list || jsonb_build_object(
      'tier', u.tier, 'payment', NULL, 'order', jsonb_array_length(list) + 1,
      'waiting', by_hand, 'lengthMs', NULL, 'piece', NULL
    );
  END IF;
  piece := jsonb_build_object(
    'tenure', u.tenure + 1, 'from', pg_temp.in_ms(began), 'until', pg_temp.in_ms(running_until),
    'anchor', pg_temp.in_ms(u.anchor), 'granted', u.period_granted, 'beneath', NULL
  );
  list := jsonb_set(list, ARRAY[payer::text, 'piece'], piece);
  RETURN list || coalesce((
    SELECT jsonb_agg(jsonb_build_object(
      'tier', q->>'tier',
      'payment', jsonb_build_object('provider', q->>'provider', 'paymentId', q->>'paymentId'),
      'order', jsonb_array_length(list) + i,
      'waiting', q->'months',
      'lengthMs', CASE WHEN q->'months' IS NULL THEN coalesce(
        (SELECT nullif(greatest(0, (q->>'until')::bigint - pg_temp.in_ms(p.base)), 0) FROM payments p
         WHERE p.provider = q->>'provider' AND p.payment_id = q->>'paymentId'),
        2592000000
      ) END,
      'piece', NULL
    ) ORDER BY i)
    FROM jsonb_array_elements(u.queued) WITH ORDINALITY AS waiting(q, i)
  ), '[]');
END $$;
--> statement-breakpoint
UPDATE users SET purchases = pg_temp.purchases_of(users), tenure = tenure + 1 WHERE tier <> 'gift';
--> statement-breakpoint
UPDATE users SET tier_due_at = (
  SELECT max(to_timestamp((bought->'piece'->>'until')::numeric / 1000)) FROM jsonb_array_elements(purchases) AS p(bought)
)
WHERE tier <> 'gift';
--> statement-breakpoint
-- Instances of the version before go on while those of this one start. They find the columns of their own as they were
-- left, so they read, and hold and charge tokens; the next version drops these columns and all that follows here. What
-- they would write of a plan is refused with a code that they take for "unavailable": 503, and the caller comes again.
-- Gift alone is the same in both versions.
CREATE FUNCTION refuse_plan_of_version_before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.tier = 'gift' AND NEW.tier = 'gift' AND NEW.paid_until IS NULL AND NEW.coverage = '[]' AND NEW.queued = '[]' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'paid time is kept by a newer version' USING ERRCODE = '55000';
END $$;
--> statement-breakpoint
CREATE TRIGGER plan_of_version_before BEFORE UPDATE OF paid_until, coverage, queued ON users
FOR EACH ROW EXECUTE FUNCTION refuse_plan_of_version_before();
--> statement-breakpoint
-- Their slow calls do not know when a piece ends. Only slow calls write this column, so hot ones pay nothing for it.
CREATE FUNCTION keep_tier_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.next_due_at := least(NEW.next_due_at, (SELECT tier_due_at FROM users WHERE id = NEW.user_id));
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER tier_due_of_version_before BEFORE UPDATE OF next_due_at ON accounts
FOR EACH ROW EXECUTE FUNCTION keep_tier_due();
--> statement-breakpoint
-- And they would give money back for time that they do not take away, where they never saw the payment.
CREATE FUNCTION refuse_refund_of_version_before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM users u CROSS JOIN jsonb_array_elements(u.purchases) AS p(bought)
    WHERE u.id = NEW.user_id AND bought->'payment'->>'provider' = NEW.provider
      AND bought->'payment'->>'paymentId' = NEW.payment_id
  ) THEN
    RAISE EXCEPTION 'the time of a refunded payment is still there' USING ERRCODE = '55000';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER refund_of_version_before AFTER UPDATE OF refunded_at ON payments
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.refunded_at IS NOT NULL)
EXECUTE FUNCTION refuse_refund_of_version_before();
