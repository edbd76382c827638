-- Of this transaction alone: behind a pooler others get the connection next.
SET LOCAL search_path = holdfast, pg_temp;

-- The tables of a store on PostgreSQL. Times are microseconds since 1970-01-01T00:00:00Z, by the
-- database's clock; lease_until alone is compared with it inside the database.

-- readable_from: the oldest version of these tables whose code may work with them as they are.
CREATE TABLE meta (
  name text PRIMARY KEY,
  value bigint NOT NULL
);
INSERT INTO meta (name, value) VALUES ('readable_from', 2);

-- How the data is kept: 'plain', or the key under which it is, wrapped by one that is not here.
CREATE TABLE secret (
  name text PRIMARY KEY,
  value text NOT NULL
);

-- A process that executes runs, for as long as nobody took its runs over.
-- batch: the last transaction of it that was committed; tells what became of one whose answer was
-- lost.
CREATE TABLE worker (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  lease_until timestamptz NOT NULL,
  batch bigint NOT NULL
) WITH (fillfactor = 10);

-- owner: the worker that executes the run, 0 while nobody does.
-- ready_at: from when on it may be claimed, null while it may not.
-- deaths: how many workers in a row died executing it, without a new outcome since.
-- turn_at: from when on it may be claimed once it is its session's turn, null while it waits for
-- no turn.
-- gaps: FROM-UNTIL of the sequences that a replay need not read, each after a blank.
-- awaits: the key of the fact whose release makes it ready, null where none does.
-- subject: whose data it holds; keyed in an encrypted store.
-- gone: ERASED where its data was erased, PURGING while rows of it are removed, PURGED where its id
-- alone is left; null while it is whole.
CREATE TABLE run (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  workflow text NOT NULL,
  version text NOT NULL,
  status text NOT NULL,
  epoch bigint NOT NULL,
  owner bigint NOT NULL,
  ready_at bigint,
  started_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  input_digest text NOT NULL,
  awaits text,
  deaths int NOT NULL DEFAULT 0,
  queue text,
  deduplication text,
  session text,
  turn_at bigint,
  subject text,
  gone text,
  gaps text NOT NULL DEFAULT ''
) WITH (fillfactor = 80);
CREATE INDEX run_ready ON run (ready_at, number) WHERE ready_at IS NOT NULL AND queue IS NULL;
CREATE INDEX run_queue_ready ON run (queue, ready_at, number)
  WHERE ready_at IS NOT NULL AND queue IS NOT NULL;
CREATE INDEX run_queue ON run (queue, status, owner) WHERE queue IS NOT NULL;
CREATE UNIQUE INDEX run_deduplication ON run (queue, deduplication)
  WHERE deduplication IS NOT NULL;
CREATE INDEX run_turn ON run (session, number) WHERE turn_at IS NOT NULL;
CREATE INDEX run_owner ON run (owner) WHERE owner <> 0;
CREATE INDEX run_purging ON run (number) WHERE gone = 'PURGING';
CREATE INDEX run_subject ON run (subject) WHERE subject IS NOT NULL;
CREATE INDEX run_changed ON run (changed_at, number);
CREATE INDEX run_unfinished ON run (changed_at, number)
  WHERE status NOT IN ('COMPLETED', 'TRUNCATED', 'FAILED', 'CANCELLED', 'COMPENSATED');
CREATE INDEX run_awaits ON run (awaits) WHERE awaits IS NOT NULL;

-- body: the entry as JSON; a long payload in it is {"$ref":DIGEST} and stands in payload, where
-- the digest 'key' stands before the wrapped key under which the run's data is.
CREATE TABLE entry (
  run bigint NOT NULL,
  sequence bigint NOT NULL,
  epoch bigint NOT NULL,
  at bigint NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (run, sequence)
);

CREATE TABLE payload (
  run bigint NOT NULL,
  digest text NOT NULL,
  text text NOT NULL,
  PRIMARY KEY (run, digest)
);

-- A number is never given twice, because consuming a message names it.
CREATE TABLE mailbox (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run bigint NOT NULL,
  at bigint NOT NULL,
  body text NOT NULL
);
CREATE INDEX mailbox_run ON mailbox (run, number);

-- The ledger: business facts that happen at most once in this store. body: the fact as JSON.
-- key: a digest of the name, which may be longer than an index allows.
CREATE TABLE fact (
  key text PRIMARY KEY,
  name text NOT NULL,
  state text NOT NULL,
  run text NOT NULL,
  body text NOT NULL
);
CREATE INDEX fact_open ON fact (state) WHERE state <> 'HAPPENED';
CREATE INDEX fact_run ON fact (run);

-- Named queues with the bounds that were registered last. Whoever starts a run through one or
-- claims runs of it locks its row.
CREATE TABLE queue (
  name text PRIMARY KEY,
  concurrency_max integer NOT NULL,
  concurrency_max_per_worker integer NOT NULL,
  waiting_max integer NOT NULL
);

-- turn: the number of the run whose turn it is, null while there is none.
-- state: what its runs handed on last, null where none did; state_run: which of them did.
-- Whoever starts a run of it or ends one locks its row.
CREATE TABLE session (
  key text PRIMARY KEY,
  turn bigint,
  state text,
  state_run bigint
);
