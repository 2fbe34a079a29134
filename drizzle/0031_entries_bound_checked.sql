-- outside a transaction
-- All entries are looked at while others write more: then the next migration need not, and holds nobody up.
ALTER TABLE "entries" VALIDATE CONSTRAINT "entries_first";
