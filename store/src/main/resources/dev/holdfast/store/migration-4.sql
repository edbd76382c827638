-- From version 3 to 4: runs that were rolled back, and what a replay need not read.
DROP INDEX run_unfinished;
CREATE INDEX run_unfinished ON run (changed_at)
  WHERE status NOT IN ('COMPLETED', 'TRUNCATED', 'FAILED', 'CANCELLED', 'COMPENSATED');
ALTER TABLE run ADD COLUMN gaps TEXT NOT NULL DEFAULT '';
