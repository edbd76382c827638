-- From version 3 to 4: what a replay need not read, and runs that were rolled back.
ALTER TABLE run ADD COLUMN gaps TEXT NOT NULL DEFAULT '';
DROP INDEX run_unfinished;
CREATE INDEX run_unfinished ON run (changed_at)
  WHERE status NOT IN ('COMPLETED', 'TRUNCATED', 'FAILED', 'CANCELLED', 'COMPENSATED');
