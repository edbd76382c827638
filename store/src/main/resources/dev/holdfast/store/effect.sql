-- One row for each transactional effect: inserted first, with its result before the commit.
CREATE TABLE holdfast_effect (
  effect_key VARCHAR(64) NOT NULL PRIMARY KEY,
  result TEXT
)
