-- From version 3 to 4: encryption, and runs whose data was erased or purged.
CREATE TABLE secret (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO secret (name, value) VALUES ('store', 'plain');
ALTER TABLE run ADD COLUMN subject TEXT;
ALTER TABLE run ADD COLUMN gone TEXT;
CREATE INDEX run_subject ON run (subject) WHERE subject IS NOT NULL;
