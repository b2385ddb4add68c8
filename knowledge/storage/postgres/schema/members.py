"""The tables of members, their introductions and questions, and of accounts that sign in on the web page.

The same columns as in SQLite (a test holds both together), with booleans where that has 0 and 1.
"""

STATEMENTS = (
    """
    CREATE TABLE member_changes (
        latest BIGINT NOT NULL,
        salt TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE members (
        id TEXT PRIMARY KEY,
        profile TEXT NOT NULL,  -- JSON, as the noun
        findable BOOLEAN NOT NULL,
        paused BOOLEAN NOT NULL,
        consent TEXT NOT NULL,  -- version of the text that was agreed to
        consented_at TEXT NOT NULL,  -- ISO 8601, UTC, as all moments here
        joined_at TEXT NOT NULL,
        active_at TEXT NOT NULL,
        most_requests BIGINT,  -- a month; NULL: the usual number
        waiting BOOLEAN NOT NULL,  -- true: wants to be told when somebody fits
        change BIGINT NOT NULL  -- of member_changes, when this row was last changed
    )
    """,
    "CREATE INDEX members_by_change ON members (change)",
    "CREATE INDEX members_by_activity ON members (active_at)",
    """
    CREATE TABLE member_embeddings (
        member_id TEXT PRIMARY KEY REFERENCES members (id) ON UPDATE CASCADE ON DELETE CASCADE,
        model TEXT NOT NULL,  -- what built them
        made_of TEXT NOT NULL,  -- hash of the texts that the model saw
        texts BIGINT NOT NULL,  -- how many rows
        vectors BYTEA NOT NULL  -- float16, little-endian, one row a text
    )
    """,
    """
    CREATE TABLE topic_embeddings (
        hash TEXT NOT NULL,
        model TEXT NOT NULL,
        vector BYTEA NOT NULL,
        PRIMARY KEY (hash, model)
    )
    """,
    """
    CREATE TABLE introductions (
        id TEXT PRIMARY KEY,  -- random
        seeker TEXT NOT NULL REFERENCES members (id) ON UPDATE CASCADE ON DELETE CASCADE,
        other TEXT NOT NULL REFERENCES members (id) ON UPDATE CASCADE ON DELETE CASCADE,
        topic TEXT NOT NULL,
        state TEXT NOT NULL,
        asked_at TEXT NOT NULL,
        answered_at TEXT
    )
    """,
    "CREATE INDEX introductions_by_seeker ON introductions (seeker, asked_at)",
    "CREATE INDEX introductions_by_other ON introductions (other, asked_at)",
    """
    CREATE TABLE introduction_answers (
        introduction_id TEXT NOT NULL REFERENCES introductions (id) ON DELETE CASCADE,
        member_id TEXT NOT NULL REFERENCES members (id) ON UPDATE CASCADE ON DELETE CASCADE,
        kind TEXT NOT NULL,
        answer BOOLEAN NOT NULL,  -- true: yes
        answered_at TEXT NOT NULL,
        PRIMARY KEY (introduction_id, member_id, kind)
    )
    """,
    """
    CREATE TABLE introduction_places (
        introduction_id TEXT PRIMARY KEY REFERENCES introductions (id) ON DELETE CASCADE,
        server_id BIGINT NOT NULL,
        channel_id BIGINT NOT NULL,
        thread_id BIGINT  -- once there is one
    )
    """,
    """
    CREATE TABLE member_notices (
        key TEXT NOT NULL,
        member_id TEXT NOT NULL REFERENCES members (id) ON UPDATE CASCADE ON DELETE CASCADE,
        said_at TEXT NOT NULL,
        PRIMARY KEY (member_id, key)
    )
    """,
    """
    CREATE TABLE member_blocks (
        member_id TEXT NOT NULL REFERENCES members (id) ON UPDATE CASCADE ON DELETE CASCADE,
        blocked_id TEXT NOT NULL,  -- once that member has left: a salted hash of it
        since TEXT NOT NULL,
        PRIMARY KEY (member_id, blocked_id)
    )
    """,
    "CREATE INDEX member_blocks_by_blocked ON member_blocks (blocked_id)",
    """
    CREATE TABLE peer_questions (
        id TEXT PRIMARY KEY,  -- random
        asker TEXT NOT NULL REFERENCES members (id) ON UPDATE CASCADE ON DELETE CASCADE,
        question TEXT NOT NULL,
        named BOOLEAN NOT NULL,  -- false: those who are asked do not learn who asks
        asked_at TEXT NOT NULL
    )
    """,
    "CREATE INDEX peer_questions_by_asker ON peer_questions (asker)",
    """
    CREATE TABLE peer_question_routes (
        question_id TEXT NOT NULL REFERENCES peer_questions (id) ON DELETE CASCADE,
        member_id TEXT NOT NULL REFERENCES members (id) ON UPDATE CASCADE ON DELETE CASCADE,
        sent_at TEXT NOT NULL,
        reply TEXT,
        replied_at TEXT,
        helpful BOOLEAN,  -- what the asker says: NULL not yet, true: yes
        may_share BOOLEAN NOT NULL DEFAULT false,  -- true: its author agrees that it becomes an example
        passed_on BOOLEAN NOT NULL DEFAULT false,
        told BOOLEAN NOT NULL DEFAULT false,  -- true: it did
        PRIMARY KEY (question_id, member_id)
    )
    """,
    "CREATE INDEX peer_question_routes_by_member ON peer_question_routes (member_id, sent_at)",
    """
    CREATE TABLE peer_searches (
        id TEXT PRIMARY KEY,  -- random
        member_id TEXT NOT NULL REFERENCES members (id) ON UPDATE CASCADE ON DELETE CASCADE,
        topic TEXT NOT NULL,
        sector TEXT,
        nation TEXT,
        different TEXT,
        made_at TEXT NOT NULL  -- ISO 8601, UTC, as all moments here
    )
    """,
    "CREATE INDEX peer_searches_by_member ON peer_searches (member_id)",
    """
    CREATE TABLE accounts (
        member_id TEXT PRIMARY KEY,  -- a number of Discord's, or "web-..."
        email TEXT UNIQUE,  -- in small letters; NULL: signs in by Discord only
        created_at TEXT NOT NULL,
        seen_at TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE former_accounts (
        former_id TEXT PRIMARY KEY,
        member_id TEXT NOT NULL REFERENCES accounts (member_id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX former_accounts_by_member ON former_accounts (member_id)",
    """
    CREATE TABLE learning_sets (
        id TEXT PRIMARY KEY,  -- random
        topic TEXT NOT NULL,
        first_question TEXT NOT NULL,
        server_id BIGINT,  -- NULL: by mail alone
        channel_id BIGINT,
        thread_id BIGINT,
        poll_id BIGINT,  -- the message with Discord's own poll of dates
        made_at TEXT NOT NULL,
        started_at TEXT,  -- NULL: proposed to a moderator, and no more
        meets_on TEXT,  -- a moment in UTC; NULL: no date is fixed
        asked_at TEXT,  -- when its members were asked for a closing note
        closed_at TEXT,
        draft TEXT  -- the example that its closing note began
    )
    """,
    """
    CREATE TABLE learning_set_members (
        set_id TEXT NOT NULL REFERENCES learning_sets (id) ON DELETE CASCADE,
        member_id TEXT NOT NULL REFERENCES members (id) ON UPDATE CASCADE ON DELETE CASCADE,
        PRIMARY KEY (set_id, member_id)
    )
    """,
    "CREATE INDEX learning_set_members_by_member ON learning_set_members (member_id)",
    """
    CREATE TABLE learning_set_dates (
        set_id TEXT NOT NULL REFERENCES learning_sets (id) ON DELETE CASCADE,
        day TEXT NOT NULL,  -- a moment in UTC
        PRIMARY KEY (set_id, day)
    )
    """,
    """
    CREATE TABLE learning_set_votes (
        set_id TEXT NOT NULL REFERENCES learning_sets (id) ON DELETE CASCADE,
        day TEXT NOT NULL,
        member_id TEXT NOT NULL REFERENCES members (id) ON UPDATE CASCADE ON DELETE CASCADE,
        PRIMARY KEY (set_id, day, member_id)
    )
    """,
    """
    CREATE TABLE coffee_members (
        member_id TEXT PRIMARY KEY REFERENCES members (id) ON UPDATE CASCADE ON DELETE CASCADE,
        since TEXT NOT NULL,
        paused_until TEXT,  -- a day; NULL: takes part
        left_out TEXT  -- the last month in which there was nobody for them
    )
    """,
    """
    CREATE TABLE coffee_rounds (
        month TEXT PRIMARY KEY,
        drawn_at TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE coffee_pairs (
        month TEXT NOT NULL,
        member_id TEXT NOT NULL REFERENCES members (id) ON UPDATE CASCADE ON DELETE CASCADE,
        other TEXT NOT NULL REFERENCES members (id) ON UPDATE CASCADE ON DELETE CASCADE,
        PRIMARY KEY (month, member_id)
    )
    """,
    "CREATE INDEX coffee_pairs_by_member ON coffee_pairs (member_id)",
    "CREATE INDEX coffee_pairs_by_other ON coffee_pairs (other)",
    """
    CREATE TABLE sign_in_links (
        token TEXT PRIMARY KEY,  -- keyed hash
        email TEXT NOT NULL,
        made_at TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        member_id TEXT
    )
    """,
    """
    CREATE TABLE web_sessions (
        visitor TEXT PRIMARY KEY,  -- keyed hash of the cookie
        member_id TEXT NOT NULL REFERENCES accounts (member_id) ON DELETE CASCADE,
        since TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        by_discord BOOLEAN NOT NULL,  -- true: Discord said who they are, false: a mailed link
        moderates_until TEXT  -- Discord said that they have the moderators' role; NULL: not
    )
    """,
    "CREATE INDEX web_sessions_by_member ON web_sessions (member_id)",
)

# With step 34 of SQLite's schema.
COFFEE_AND_FORMER_ACCOUNTS = (
    "ALTER TABLE introductions ADD COLUMN coffee BOOLEAN NOT NULL DEFAULT false",
    "ALTER TABLE former_accounts DROP CONSTRAINT former_accounts_member_id_fkey",
)

# With step 36.
OFFERS = (
    """
    CREATE TABLE member_offers (
        member_id TEXT PRIMARY KEY REFERENCES members (id) ON UPDATE CASCADE ON DELETE CASCADE,
        made_by TEXT NOT NULL,  -- model, topics and way of reading profiles: others make others
        change BIGINT NOT NULL,  -- of the members' row that it was made of; after another it is out of date
        sector TEXT,
        nation TEXT,
        offer BYTEA NOT NULL  -- of what they do and offer: a scale (float32, little-endian), then int8
    )
    """,
)
