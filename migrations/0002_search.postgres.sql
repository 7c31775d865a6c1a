-- Files and rows are searched by one rule, numbers without their commas: the start-up writes the
-- index of the rows anew. What was read of the files stays; a kind is the name of its scope.
-- `own` is reckoned from the old body: each column sees the row as it was.
UPDATE "indexed_text" SET
    "kind" = CASE WHEN "kind" = 'filing' THEN 'filings' ELSE "kind" END,
    "own" = length(regexp_replace(left("body", "own"), '(?<=[0-9]),(?=[0-9]{3}(?![0-9]))', '', 'g')),
    "body" = regexp_replace("body", '(?<=[0-9]),(?=[0-9]{3}(?![0-9]))', '', 'g');
DELETE FROM "search_entry";
