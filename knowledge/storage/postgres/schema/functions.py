"""Functions that SQLite has by itself and the stores use on both: lists and objects handed over as JSON."""

STATEMENTS = (
    # The members of an array (with their place as key) or of an object; `value` is a text, as `->>` gives it.
    """
    CREATE FUNCTION json_each(document TEXT) RETURNS TABLE (key TEXT, value TEXT) LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
        IF json_typeof(document::json) = 'array' THEN
            RETURN QUERY SELECT (place - 1)::text, one
                FROM json_array_elements_text(document::json) WITH ORDINALITY AS member (one, place);
        ELSIF json_typeof(document::json) = 'object' THEN
            RETURN QUERY SELECT member.key, member.value FROM json_each_text(document::json) AS member;
        END IF;
    END $$
    """,
    # Paths are names with dots between them: '$.citations'.
    """
    CREATE FUNCTION json_extract(document TEXT, path TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
        SELECT document::json #>> string_to_array(substr(path, 3), '.')
    $$
    """,
    """
    CREATE FUNCTION json_each(document TEXT, path TEXT) RETURNS TABLE (key TEXT, value TEXT)
    LANGUAGE sql IMMUTABLE AS $$ SELECT * FROM json_each(json_extract(document, path)) $$
    """,
    """
    CREATE FUNCTION json_member(document TEXT, name TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
        SELECT document::json ->> name
    $$
    """,
    "CREATE OPERATOR ->> (LEFTARG = TEXT, RIGHTARG = TEXT, FUNCTION = json_member)",
    """
    CREATE FUNCTION instr(document TEXT, part TEXT) RETURNS INTEGER LANGUAGE sql IMMUTABLE AS $$
        SELECT strpos(document, part)
    $$
    """,
    """
    CREATE FUNCTION append_with_comma(list TEXT, next TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
        SELECT concat_ws(',', list, next)
    $$
    """,
    "CREATE AGGREGATE group_concat (TEXT) (SFUNC = append_with_comma, STYPE = TEXT)",
)
