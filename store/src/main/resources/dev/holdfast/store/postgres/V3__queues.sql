-- Of this transaction alone: behind a pooler others get the connection next.
SET LOCAL search_path = holdfast, pg_temp;

-- Named queues and sessions. Code that does not know them would exceed the bounds of queues and
-- never end a turn.
UPDATE meta SET value = 3 WHERE name = 'readable_from';

-- turn_at: from when on it may be claimed once it is its session's turn, null while it waits for
-- no turn.
ALTER TABLE run
  ADD COLUMN queue text,
  ADD COLUMN deduplication text,
  ADD COLUMN session text,
  ADD COLUMN turn_at bigint;
CREATE INDEX run_queue_ready ON run (queue, ready_at, number)
  WHERE ready_at IS NOT NULL AND queue IS NOT NULL;
CREATE INDEX run_queue ON run (queue, status, owner) WHERE queue IS NOT NULL;
CREATE UNIQUE INDEX run_deduplication ON run (queue, deduplication)
  WHERE deduplication IS NOT NULL;
CREATE INDEX run_turn ON run (session, number) WHERE turn_at IS NOT NULL;
DROP INDEX run_ready;
CREATE INDEX run_ready ON run (ready_at, number) WHERE ready_at IS NOT NULL AND queue IS NULL;

-- Named queues with the bounds that were registered last. Whoever starts a run through one or
-- claims runs of it locks its row.
CREATE TABLE queue (
  name text PRIMARY KEY,
  concurrency_max integer NOT NULL,
  concurrency_max_per_worker integer NOT NULL,
  waiting_max integer NOT NULL
);

-- turn: the number of the run whose turn it is, null while there is none.
-- state: what its runs handed on last, null where none did.
-- Whoever starts a run of it or ends one locks its row.
CREATE TABLE session (
  key text PRIMARY KEY,
  turn bigint,
  state text
);
