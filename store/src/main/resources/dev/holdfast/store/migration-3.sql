-- From version 2 to 3: deaths, named queues and sessions.
ALTER TABLE run ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN queue TEXT;
ALTER TABLE run ADD COLUMN deduplication TEXT;
ALTER TABLE run ADD COLUMN session TEXT;
ALTER TABLE run ADD COLUMN turn_at INTEGER;
DROP INDEX run_ready;
CREATE INDEX run_ready ON run (queue, ready_at) WHERE ready_at IS NOT NULL;
CREATE INDEX run_queue ON run (queue, status, owner) WHERE queue IS NOT NULL;
CREATE UNIQUE INDEX run_deduplication ON run (queue, deduplication)
  WHERE deduplication IS NOT NULL;
CREATE INDEX run_turn ON run (session) WHERE turn_at IS NOT NULL;
CREATE TABLE queue (
  name TEXT PRIMARY KEY,
  concurrency_max INTEGER NOT NULL,
  concurrency_max_per_worker INTEGER NOT NULL,
  waiting_max INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE session (
  number INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  turn INTEGER,
  state TEXT
);
