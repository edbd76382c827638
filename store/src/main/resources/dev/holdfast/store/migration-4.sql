-- From version 3 to 4: runs that were rolled back, what a replay need not read, encryption, and
-- runs whose data was erased or purged.
CREATE TABLE secret (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO secret (name, value) VALUES ('store', 'plain');
ALTER TABLE run ADD COLUMN subject TEXT;
ALTER TABLE run ADD COLUMN gone TEXT;
CREATE INDEX run_purging ON run (number) WHERE gone = 'PURGING';
CREATE INDEX fact_run ON fact (run);
ALTER TABLE session ADD COLUMN state_run INTEGER;
CREATE INDEX run_subject ON run (subject) WHERE subject IS NOT NULL;
DROP INDEX run_unfinished;
CREATE INDEX run_unfinished ON run (changed_at)
  WHERE status NOT IN ('COMPLETED', 'TRUNCATED', 'FAILED', 'CANCELLED', 'COMPENSATED');
ALTER TABLE run ADD COLUMN gaps TEXT NOT NULL DEFAULT '';
