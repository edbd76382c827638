-- From version 3 to 4: runs that were rolled back.
DROP INDEX run_unfinished;
CREATE INDEX run_unfinished ON run (changed_at)
  WHERE status NOT IN ('COMPLETED', 'TRUNCATED', 'FAILED', 'CANCELLED', 'COMPENSATED');
