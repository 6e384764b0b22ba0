ALTER TABLE "documents" ADD COLUMN "projected_seq" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
-- One call appends to the logs of many documents: its plan is kept, which planning anew at every key press would not be.
-- heads: [{d: document, e: epoch, n: rows, p: whether the tables made from it are up to date}]
-- updates: [{d: document, i: 1…n, o: offset in blob, l: length, a: author}]
CREATE FUNCTION append_updates(heads text, updates text, blob bytea, written_at text)
RETURNS TABLE (document_id uuid, base integer) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH raised AS (
    UPDATE documents
    SET head_seq = head_seq + h.n,
        projected_seq = CASE WHEN h.p THEN head_seq + h.n ELSE projected_seq END
    FROM jsonb_to_recordset(heads::jsonb) AS h(d uuid, e integer, n integer, p boolean)
    WHERE documents.id = h.d AND documents.epoch = h.e
    RETURNING documents.id AS raised_id, documents.head_seq - h.n AS raised_base
  ), written AS (
    INSERT INTO document_updates (document_id, seq, bytes, author_id, created_at)
    SELECT raised_id, raised_base + u.i, substring(blob FROM u.o + 1 FOR u.l), u.a, written_at::timestamptz
    FROM jsonb_to_recordset(updates::jsonb) AS u(d uuid, i integer, o integer, l integer, a uuid)
    JOIN raised ON raised_id = u.d
  )
  SELECT raised_id, raised_base FROM raised;
END
$$;
