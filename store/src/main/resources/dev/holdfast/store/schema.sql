-- The tables of a store. Times are microseconds since 1970-01-01T00:00:00Z.

-- opened: how often an executor opened the store; who reads another number was taken over.
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO meta (name, value) VALUES ('opened', 0);

-- How the data is kept: 'plain', or the key under which it is, wrapped by one that is not here.
CREATE TABLE secret (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- owner: the opening under which the run executes, 0 while nobody does or one closed before its end.
-- ready_at: from when on it may be claimed, null while it may not.
-- awaits: the fact whose release makes it ready, null where none does.
-- deaths: how many executors in a row ended abruptly at it, without an outcome of it in between.
-- turn_at: from when on it may be claimed once it is its session's turn, null while it waits for
-- no turn.
-- gaps: FROM-UNTIL of the sequences that a replay need not read, each after a blank.
-- subject: whose data it holds; keyed in an encrypted store.
-- gone: ERASED where its data was erased, PURGING while rows of it are removed, PURGED where its id
-- alone is left; null while it is whole.
CREATE TABLE run (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  workflow TEXT NOT NULL,
  version TEXT NOT NULL,
  status TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  owner INTEGER NOT NULL,
  ready_at INTEGER,
  started_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  input_digest TEXT NOT NULL,
  awaits TEXT,
  deaths INTEGER NOT NULL DEFAULT 0,
  queue TEXT,
  deduplication TEXT,
  session TEXT,
  turn_at INTEGER,
  subject TEXT,
  gone TEXT,
  gaps TEXT NOT NULL DEFAULT ''
);
CREATE INDEX run_ready ON run (queue, ready_at) WHERE ready_at IS NOT NULL;
CREATE INDEX run_queue ON run (queue, status, owner) WHERE queue IS NOT NULL;
CREATE UNIQUE INDEX run_deduplication ON run (queue, deduplication)
  WHERE deduplication IS NOT NULL;
CREATE INDEX run_turn ON run (session) WHERE turn_at IS NOT NULL;
CREATE INDEX run_purging ON run (number) WHERE gone = 'PURGING';
CREATE INDEX run_subject ON run (subject) WHERE subject IS NOT NULL;
CREATE INDEX run_changed ON run (changed_at);
CREATE INDEX run_unfinished ON run (changed_at)
  WHERE status NOT IN ('COMPLETED', 'TRUNCATED', 'FAILED', 'CANCELLED', 'COMPENSATED');
CREATE INDEX run_awaits ON run (awaits) WHERE awaits IS NOT NULL;

-- body: the entry as JSON; a long payload in it is {"$ref":DIGEST} and stands in payload, where
-- the digest 'key' stands before the wrapped key under which the run's data is.
CREATE TABLE entry (
  number INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL
);
CREATE UNIQUE INDEX entry_place ON entry (run, sequence);

CREATE TABLE payload (
  number INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  digest TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE UNIQUE INDEX payload_digest ON payload (run, digest);

-- A number is never given twice, because consuming a message names it.
CREATE TABLE mailbox (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX mailbox_run ON mailbox (run);

-- The ledger: business facts that happen at most once in this store. body: the fact as JSON.
CREATE TABLE fact (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  run TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX fact_open ON fact (state, name) WHERE state <> 'HAPPENED';
CREATE INDEX fact_run ON fact (run);

-- Named queues with the bounds that were registered last.
CREATE TABLE queue (
  name TEXT PRIMARY KEY,
  concurrency_max INTEGER NOT NULL,
  concurrency_max_per_worker INTEGER NOT NULL,
  waiting_max INTEGER NOT NULL
) WITHOUT ROWID;

-- turn: the number of the run whose turn it is, null while there is none.
-- state: what its runs handed on last, null where none did; state_run: which of them did.
CREATE TABLE session (
  number INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  turn INTEGER,
  state TEXT,
  state_run INTEGER
);
