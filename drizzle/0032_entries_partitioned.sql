-- One more partition of the ledger. No lock that it takes keeps anybody from reading or writing entries. A trigger for
-- TRUNCATE is not handed down, so each has its own.
CREATE FUNCTION add_entries_partition(low bigint, high bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  part text := 'entries_' || low;
BEGIN
  EXECUTE format('CREATE TABLE %I (LIKE entries INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', part);
  EXECUTE format('CREATE TRIGGER entries_not_truncated BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', part);
  EXECUTE format('ALTER TABLE entries ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', part, low, high);
END $$;
--> statement-breakpoint
-- In the order in which a call writes them. Happenings are only kept from being written: they draw from the same sequence.
LOCK TABLE "happenings" IN SHARE MODE;--> statement-breakpoint
LOCK TABLE "entries" IN ACCESS EXCLUSIVE MODE;--> statement-breakpoint
DO $$
DECLARE
  next bigint;
  high bigint;
  size bigint;
  allowed record;
BEGIN
  SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END INTO next FROM entries_id_seq;
  SELECT substring(pg_get_constraintdef(oid) FROM '\d+')::bigint INTO high
    FROM pg_constraint WHERE conrelid = 'entries'::regclass AND conname = 'entries_first';
  -- A partition may have no numbers of its own. What draws them goes with this, and is made again below.
  ALTER TABLE entries ALTER COLUMN id DROP IDENTITY;
  DROP TRIGGER entries_immutable ON entries;
  ALTER TABLE entries RENAME TO entries_0;
  ALTER TABLE entries_0 RENAME CONSTRAINT entries_user_id_id_pk TO entries_0_pkey;
  ALTER INDEX entries_id RENAME TO entries_0_id_idx;
  CREATE TABLE entries (LIKE entries_0 INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE) PARTITION BY RANGE (id);
  ALTER TABLE entries DROP CONSTRAINT entries_first;
  EXECUTE format('ALTER TABLE entries ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME entries_id_seq START WITH %s)', next);
  ALTER TABLE entries ADD CONSTRAINT entries_user_id_id_pk PRIMARY KEY (user_id, id);
  CREATE INDEX entries_id ON entries USING btree (id);
  CREATE TRIGGER entries_immutable BEFORE UPDATE OR DELETE ON entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER entries_not_truncated BEFORE TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  FOR allowed IN
    SELECT privilege_type AS what, CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS who
    FROM pg_class, aclexplode(relacl) WHERE oid = 'entries_0'::regclass AND grantee <> relowner
  LOOP
    EXECUTE format('GRANT %s ON entries TO %s', allowed.what, allowed.who);
  END LOOP;
  -- Its indexes become those of the partitioned table, and the check spares a look at its rows.
  EXECUTE format('ALTER TABLE entries ATTACH PARTITION entries_0 FOR VALUES FROM (MINVALUE) TO (%s)', high);
  ALTER TABLE entries_0 DROP CONSTRAINT entries_first;
  size := 1000000 * greatest(1, ceil(high / 10000000.0));
  PERFORM add_entries_partition(high, high + size), add_entries_partition(high + size, high + 2 * size);
END $$;
