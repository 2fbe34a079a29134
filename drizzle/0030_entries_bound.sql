-- The ledger becomes the first partition of a partitioned table (docs/decisions/0024-partitions.md). Here it is told where that
-- ends: far enough that no entry comes to it before the next migrations are done. Entries are not looked at yet, and not held up.
DO $$
DECLARE
  drawn bigint;
  high bigint := 1000000;
BEGIN
  SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO drawn FROM entries_id_seq;
  IF drawn > 0 THEN high := 1000000 * ceil((drawn + greatest(5000000, drawn / 5)) / 1000000.0); END IF;
  EXECUTE format('ALTER TABLE entries ADD CONSTRAINT entries_first CHECK (id < %s) NOT VALID', high);
END $$;
