-- The tables of a store. Times are microseconds since 1970-01-01T00:00:00Z.

-- opened: how often an executor opened the store; who reads another number was taken over.
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO meta (name, value) VALUES ('opened', 0);

-- owner: the opening under which the run executes, 0 while nobody does.
-- ready_at: from when on it may be claimed, null while it may not.
-- awaits: the fact whose release makes it ready, null where none does.
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
  awaits TEXT
);
CREATE INDEX run_ready ON run (ready_at) WHERE ready_at IS NOT NULL;
CREATE INDEX run_changed ON run (changed_at);
CREATE INDEX run_unfinished ON run (changed_at)
  WHERE status NOT IN ('COMPLETED', 'TRUNCATED', 'FAILED', 'CANCELLED');
CREATE INDEX run_awaits ON run (awaits) WHERE awaits IS NOT NULL;

-- body: the entry as JSON; a long payload in it is {"$ref":DIGEST} and stands in payload.
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
