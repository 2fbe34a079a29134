-- From here on `-` and `_` are one sign in a provider's name, and `_` is how it is kept. A charge that was credited under
-- both spellings keeps both rows: which of them is right is for a person to say.
CREATE TEMPORARY TABLE respelled ON COMMIT DROP AS
SELECT provider, payment_id, replace(provider, '-', '_') AS spelling FROM payments p
WHERE provider LIKE '%-%' AND NOT EXISTS (
  SELECT FROM payments other
  WHERE other.payment_id = p.payment_id AND other.provider <> p.provider
    AND replace(other.provider, '-', '_') = replace(p.provider, '-', '_'));
--> statement-breakpoint
UPDATE grants g SET payment_provider = r.spelling FROM respelled r
WHERE g.payment_provider = r.provider AND g.payment_id = r.payment_id;
--> statement-breakpoint
UPDATE users SET purchases = (
  SELECT jsonb_agg(CASE WHEN r.spelling IS NULL THEN c.item
    ELSE jsonb_set(c.item, '{payment,provider}', to_jsonb(r.spelling)) END ORDER BY c.place)
  FROM jsonb_array_elements(purchases) WITH ORDINALITY AS c(item, place)
  LEFT JOIN respelled r ON r.provider = c.item->'payment'->>'provider' AND r.payment_id = c.item->'payment'->>'paymentId')
WHERE purchases <> '[]' AND id IN (SELECT p.user_id FROM payments p JOIN respelled r USING (provider, payment_id));
--> statement-breakpoint
UPDATE payments p SET provider = r.spelling FROM respelled r
WHERE p.provider = r.provider AND p.payment_id = r.payment_id;
--> statement-breakpoint
-- An instance of the version before would credit a charge again under its old spelling: 503 (see 0002), until it is gone.
CREATE FUNCTION refuse_spelling_of_version_before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a provider is spelled with _' USING ERRCODE = '55000';
END $$;
--> statement-breakpoint
CREATE TRIGGER spelling_of_version_before BEFORE INSERT ON payments
FOR EACH ROW WHEN (NEW.provider LIKE '%-%') EXECUTE FUNCTION refuse_spelling_of_version_before();
