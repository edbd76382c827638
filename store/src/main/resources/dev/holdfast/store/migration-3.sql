-- From version 2 to 3: how many workers in a row died executing a run.
ALTER TABLE run ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;
