-- From version 3 to 4: encryption, and runs whose data was erased or purged.
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
