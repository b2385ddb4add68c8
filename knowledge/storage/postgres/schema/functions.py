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

# The server keeps any JSON, but reads none with a null character in it, nor with half of a pair of surrogates: both may
# be written as escapes. One such row would fail each statement that comes by it. They are read as U+FFFD, as null
# characters are kept in columns of text. What stands after an even number of backslashes is no escape.
READABLE = (
    r"""
    CREATE FUNCTION readable_json(document TEXT) RETURNS json LANGUAGE plpgsql IMMUTABLE STRICT AS $$
    DECLARE
        -- What is a backslash itself begins no escape. No document has the character that stands for it meanwhile.
        readable TEXT := replace(document, '\\', chr(1));
    BEGIN
        readable := replace(readable, '\u0000', '\ufffd');
        readable := regexp_replace(
            readable, '\\u[dD][89abAB][[:xdigit:]]{2}(?!\\u[dD][c-fC-F][[:xdigit:]]{2})', '\\ufffd', 'g'
        );
        readable := regexp_replace(
            readable, '(?<!\\u[dD][89abAB][[:xdigit:]]{2})\\u[dD][c-fC-F][[:xdigit:]]{2}', '\\ufffd', 'g'
        );
        readable := replace(readable, chr(1), '\\');
        RETURN readable::json;
    END $$
    """,
    """
    CREATE FUNCTION json_members(document json) RETURNS TABLE (key TEXT, value TEXT) LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
        IF json_typeof(document) = 'array' THEN
            RETURN QUERY SELECT (place - 1)::text, one
                FROM json_array_elements_text(document) WITH ORDINALITY AS member (one, place);
        ELSIF json_typeof(document) = 'object' THEN
            RETURN QUERY SELECT member.key, member.value FROM json_each_text(document) AS member;
        END IF;
    END $$
    """,
    # What is readable as it is, which nearly all is, is not searched for escapes: that would take five times as long.
    """
    CREATE OR REPLACE FUNCTION json_each(document TEXT) RETURNS TABLE (key TEXT, value TEXT)
    LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
        RETURN QUERY SELECT member.key, member.value FROM json_members(document::json) AS member;
    EXCEPTION WHEN data_exception THEN
        RETURN QUERY SELECT member.key, member.value FROM json_members(readable_json(document)) AS member;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION json_extract(document TEXT, path TEXT) RETURNS TEXT LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
        RETURN document::json #>> string_to_array(substr(path, 3), '.');
    EXCEPTION WHEN data_exception THEN
        RETURN readable_json(document) #>> string_to_array(substr(path, 3), '.');
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION json_member(document TEXT, name TEXT) RETURNS TEXT LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
        RETURN document::json ->> name;
    EXCEPTION WHEN data_exception THEN
        RETURN readable_json(document) ->> name;
    END $$
    """,
)
