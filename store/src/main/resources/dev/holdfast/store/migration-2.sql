-- From version 1 to 2: the ledger, runs that await a fact, and cancelled runs.
ALTER TABLE run ADD COLUMN awaits TEXT;
DROP INDEX run_unfinished;
CREATE INDEX run_unfinished ON run (changed_at)
  WHERE status NOT IN ('COMPLETED', 'TRUNCATED', 'FAILED', 'CANCELLED');
CREATE INDEX run_awaits ON run (awaits) WHERE awaits IS NOT NULL;
CREATE TABLE fact (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  run TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX fact_open ON fact (state, name) WHERE state <> 'HAPPENED';
