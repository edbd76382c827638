-- From version 3 to 4: what a replay need not read.
ALTER TABLE run ADD COLUMN gaps TEXT NOT NULL DEFAULT '';
