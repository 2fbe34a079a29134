-- outside a transaction
-- Older entries are looked at while others write more.
ALTER TABLE "entries" VALIDATE CONSTRAINT "entries_kind";
