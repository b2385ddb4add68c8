"""What vulture takes for unused and is not: `make lint` reads this file, and nothing runs it."""

# Types that only annotations in quotes name.
AsyncGenerator, EntityRecognizer, NlpArtifacts, Receiver, Worksheet

# Settings of libraries' objects, which read them.
_.dm_messages, _.guild_messages, _.guild_scheduled_events  # discord.Intents
_.warn_dave, _.warn_nacl  # discord.VoiceClient
_.intra_op_num_threads, _.inter_op_num_threads, _.enable_cpu_mem_arena, _.log_severity_level, _.terminate  # onnxruntime
_.row_factory  # sqlite3
_.sel  # faiss.SearchParameters

# Words that people choose by their value.
DEBUG, INFO, ERROR  # log levels
EVALUATION, GUIDANCE, LOCAL, NATIONAL, OUT_OF_DATE  # vocabulary
NATION, SECTOR  # `haln peers match --different`

# Fields that are read as a whole: as JSON, as rows, by name.
for_whom, what_happened, differently, measured, measured_period  # an example's
chosen_at, confidence, fitted_with, generation, given_at, not_helpful, notices, related, repeated, searches, was
added_at, last_checked  # a source's
need_in_context, offer_with_role  # a profile's texts

# What the calibration for tests/quality fits with.
fit_sentences

# What templates of the web page read.
ASK_HINT, FEEDBACK_REASONS, FEEDBACK_THANKS, NO_CALENDAR, NO_EVENTS, PASSAGE_GONE, QUOTED, SHARE_NEEDED
ACTIONS, DIGEST_LINK_OLD, SIGN_IN_EXPIRED, SIGN_IN_SENT, JOIN_ADDRESS_TITLE, JOIN_ELSEWHERE
HINTS, SAVED, WITHOUT_PROFILE, known_as
coffee_rota, other_gaps, ADD_RESOURCE, ASK_MEMBERS, COMMISSION, WRITE_ANSWER
FOLLOW_BUTTON, FOLLOW_HINT, FOLLOW_HERE, FOLLOW_SENT, FOLLOW_CONFIRMED, FOLLOW_STOPPED, FOLLOW_EXPIRED, FOLLOW_HELD
ASK_A_PEER_HINT, PASSED_ON_NOBODY, MEASURE_HINT, SET_NOTE_HINT
SIGN_IN_TO_ASK, PROFILE_TO_ASK, PEOPLE_ONE, PEOPLE_SHOW

# Settings of libraries' objects on the web side.
_.should_exit  # uvicorn
_.globals  # jinja2

# An account's, which is read as JSON.
seen_at

# A moved table's, which is compared, and read as JSON.
checksum

# What discord.py asks before each command.
interaction_check
