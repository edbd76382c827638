-- Of this transaction alone: behind a pooler others get the connection next.
SET LOCAL search_path = holdfast, pg_temp;

-- What one batch of a worker writes, in one statement: so it takes one round trip, and a process
-- that is halted half-way holds no lock. Later versions get functions of their own beside this one,
-- which older workers go on calling.
--
-- Returns no row where the worker was taken over or the batch is not the next one; else a row with
-- the database's time, and one for each run that was started and did not exist.
-- Planned without looks at whole tables: the tables are small when the plan is made and then grow.
CREATE FUNCTION write_1(
  worker_number bigint, batch_next bigint, batch_before bigint, lease_millis bigint,
  start_ids text[], start_workflows text[], start_versions text[], start_owners bigint[],
  start_ats bigint[], start_digests text[], start_subjects text[], start_heirs text[],
  start_bodies text[],
  start_text_ids text[], start_text_digests text[], start_texts text[],
  entry_runs bigint[], entry_sequences bigint[], entry_epochs bigint[], entry_ats bigint[],
  entry_bodies text[],
  text_runs bigint[], text_digests text[], texts text[],
  release_runs bigint[], release_statuses text[], release_ready_ats bigint[],
  release_awaits text[], release_ats bigint[],
  consumed bigint[], consumed_runs bigint[],
  forgiven bigint[],
  covered bigint[], covered_gaps text[])
RETURNS TABLE (now_micros bigint, started_id text, started_number bigint)
LANGUAGE plpgsql
SET search_path = holdfast, pg_temp
SET enable_seqscan = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
BEGIN
  UPDATE worker
    SET batch = batch_next,
        lease_until = clock_timestamp() + lease_millis * interval '1 millisecond'
    WHERE number = worker_number AND batch = batch_before;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  -- A process that is halted between two statements of a transaction shall not hold its locks.
  PERFORM set_config('idle_in_transaction_session_timeout', lease_millis::text, true);

  IF cardinality(start_ids) > 0 THEN
    RETURN QUERY
      WITH asked AS (
        SELECT * FROM unnest(
            start_ids, start_workflows, start_versions, start_owners, start_ats, start_digests,
            start_subjects, start_heirs, start_bodies)
          AS s (id, workflow, version, owner, at, digest, subject, heir, body)),
      started AS (
        INSERT INTO run (id, workflow, version, status, epoch, owner, ready_at, started_at,
            changed_at, input_digest, subject)
          SELECT s.id, s.workflow, s.version,
              CASE s.owner WHEN 0 THEN 'READY' ELSE 'EXECUTING' END,
              CASE s.owner WHEN 0 THEN 0 ELSE 1 END,
              s.owner,
              CASE s.owner WHEN 0 THEN s.at END,
              s.at, s.at, s.digest, 
              coalesce(nullif(s.subject, ''),
                (SELECT p.subject FROM run AS p WHERE p.id = s.heir AND s.heir <> ''))
            FROM asked AS s
            ORDER BY s.id
          ON CONFLICT (id) DO NOTHING
          RETURNING run.number, run.id),
      begun AS (
        INSERT INTO entry (run, sequence, epoch, at, body)
          SELECT started.number, 0, 0, asked.at, asked.body
            FROM started JOIN asked ON asked.id = started.id),
      kept AS (
        INSERT INTO payload (run, digest, text)
          SELECT started.number, t.digest, t.text
            FROM started
              JOIN unnest(start_text_ids, start_text_digests, start_texts) AS t (id, digest, text)
                ON t.id = started.id)
      SELECT 0::bigint, started.id, started.number FROM started;
  END IF;

  IF cardinality(entry_runs) > 0 THEN
    INSERT INTO entry (run, sequence, epoch, at, body)
      SELECT *
        FROM unnest(entry_runs, entry_sequences, entry_epochs, entry_ats, entry_bodies);
  END IF;

  IF cardinality(text_runs) > 0 THEN
    INSERT INTO payload (run, digest, text)
      SELECT * FROM unnest(text_runs, text_digests, texts)
      ON CONFLICT (run, digest) DO NOTHING;
  END IF;

  IF cardinality(consumed) > 0 THEN
    DELETE FROM mailbox
      USING unnest(consumed, consumed_runs) AS c (number, run)
      WHERE mailbox.number = c.number AND mailbox.run = c.run
        AND mailbox.number = ANY (consumed);
  END IF;

  IF cardinality(forgiven) > 0 THEN
    UPDATE run SET deaths = 0 WHERE number = ANY (forgiven);
  END IF;

  IF cardinality(covered) > 0 THEN
    UPDATE run SET gaps = c.gaps
      FROM unnest(covered, covered_gaps) AS c (number, gaps)
      WHERE run.number = c.number AND run.number = ANY (covered);
  END IF;

  IF cardinality(release_runs) > 0 THEN
    -- Whoever sends locks the run first: mail is either seen below, or its sender finds the run
    -- released. The next statement sees what was committed while this one waited.
    PERFORM 1 FROM run WHERE number = ANY (release_runs) ORDER BY number FOR NO KEY UPDATE;
    UPDATE run
      SET owner = 0,
          deaths = 0,
          awaits = CASE WHEN r.has_mail THEN NULL ELSE nullif(r.awaits, '') END,
          changed_at = r.at,
          status = CASE WHEN r.has_mail THEN 'READY' ELSE r.status END,
          ready_at = CASE WHEN r.has_mail THEN r.at ELSE nullif(r.ready_at, -1) END
      FROM (
        SELECT u.*,
            u.status NOT IN ('COMPLETED', 'TRUNCATED', 'FAILED', 'CANCELLED', 'COMPENSATED')
              AND EXISTS (SELECT 1 FROM mailbox WHERE mailbox.run = u.number) AS has_mail
          FROM unnest(
              release_runs, release_statuses, release_ready_ats, release_awaits, release_ats)
            AS u (number, status, ready_at, awaits, at)) AS r
      WHERE run.number = r.number AND run.number = ANY (release_runs);
  END IF;

  RETURN QUERY
    SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, NULL::text, NULL::bigint;
END
$$;
