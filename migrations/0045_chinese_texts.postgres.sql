-- Each Chinese sign of a text and each two that are neighbours (models/adapters/search/words.py CHINESE, pairs): trigrams find nothing under three signs.
CREATE OR REPLACE FUNCTION chinese_parts(body TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100000 AS $$
    WITH signs AS (
        SELECT sign, n, ascii(sign) BETWEEN 13312 AND 19893 OR ascii(sign) BETWEEN 19968 AND 40908 OR ascii(sign) BETWEEN 131072 AND 173782 AS chinese
        FROM unnest(string_to_array(body, NULL)) WITH ORDINALITY AS t (sign, n)
    ), following AS (
        SELECT sign, lead(sign) OVER (ORDER BY n) AS next, chinese, lead(chinese) OVER (ORDER BY n) AS next_is FROM signs
    )
    SELECT COALESCE(array_agg(DISTINCT sign) FILTER (WHERE chinese), '{}') || COALESCE(array_agg(DISTINCT sign || next) FILTER (WHERE chinese AND next_is), '{}') FROM following
$$;
CREATE INDEX "indexed_text_chinese" ON "indexed_text" USING gin (chinese_parts("body"));
