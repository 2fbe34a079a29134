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
      'day', 0,
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
      'tier', u.tier, 'payment', NULL, 'order', jsonb_array_length(list) + 1, 'day', 0,
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
      'day', 0,
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
UPDATE users SET purchases = pg_temp.purchases_of(users), tenure = tenure + 1, anchor = NULL, period = 0,
  period_granted = false
WHERE tier <> 'gift';
--> statement-breakpoint
UPDATE users SET tier_due_at = (
  SELECT max(to_timestamp((bought->'piece'->>'until')::numeric / 1000)) FROM jsonb_array_elements(purchases) AS p(bought)
)
WHERE tier <> 'gift';
--> statement-breakpoint
ALTER TABLE "users" DROP COLUMN "paid_until";--> statement-breakpoint
ALTER TABLE "users" DROP COLUMN "coverage";--> statement-breakpoint
ALTER TABLE "users" DROP COLUMN "queued";
