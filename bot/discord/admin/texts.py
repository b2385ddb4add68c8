"""Texts of the Discord face: for the admins of a server."""

from knowledge.domain.vocabulary import Kind

SETUP = "Set me up on this server, step by step (admins only)"
SETUP_TITLE = "Setting up"
SETUP_INTRO = (
    "Choose what you want; each choice is saved at once, and you can come back at any time. Everything here is "
    "optional: `/ask` works without any of it."
)
SETUP_MODERATORS = "**Moderators** review what members share, may dismiss answers and mark what solved a discussion."
SETUP_MODERATORS_CHOOSE = "Choose the moderators' role"
SETUP_REVIEW = "**Review channel**: where moderators look at what members share."
SETUP_REVIEW_CHOOSE = "Choose the review channel"
SETUP_DIGEST = (
    "**Digest channel**: where a short round-up appears, once a week at most and only when there is something new. "
    "Moderators switch it off and on with `/digest`."
)
SETUP_DIGEST_CHOOSE = "Choose the digest channel"
SETUP_MISSING = "Before this works, I need:"
SETUP_FORUMS = (
    "**Forums**: in those that you choose first, a new post that asks something gets one reply with resources, but "
    "only when the library has much to say. Posts in those that you choose second can be found as similar discussions; "
    "members can opt out."
)
SETUP_REPLIES_CHOOSE = "Reply to new posts in"
SETUP_SEARCHABLE_CHOOSE = "Make posts findable in"
SETUP_LANGUAGE_CHOOSE = "Language of greetings and help"
SETUP_CHECK = "Check permissions"

DOCTOR = "Check what I need on this server, and say exactly what is missing (admins only)"
DOCTOR_TITLE = "Check-up"
DOCTOR_FINE = "Everything that I need is there."
DOCTOR_OK = "OK"
DOCTOR_MISSING = "MISSING: {permissions}"
DOCTOR_GONE = "GONE: this channel was deleted. Choose another with `/setup`."
DOCTOR_NOT_SET = "not chosen yet; you can choose one with `/setup`"
DOCTOR_PURPOSES = {
    "server": "Server",
    "review_channel": "Review channel",
    "digest_channel": "Digest channel",
    "forum": "Forum",
    "forum_read": "Forum",
    "here": "This channel",
}
DOCTOR_ELSEWHERE = "Other text channels in which I can answer a mention: {fine} of {all}"
DOCTOR_MORE = "and {number} more"
DOCTOR_MODERATORS = "Moderators"
DOCTOR_ROLE_GONE = "not chosen; members who may manage messages count as moderators"
DOCTOR_READING_ON = "I read messages in my own threads, so members can ask more without mentioning me."
DOCTOR_READING_OFF = (
    "I do not read messages that do not mention me. To ask more in a thread, members mention me; of forum posts I see "
    "only the title. The operator can change that: HALN_DISCORD_READ_MESSAGES=on, with the message content intent "
    "switched on in the developer portal."
)
DOCTOR_EXPOSED = "More people are let in than you may want:"
DOCTOR_PUBLIC = (
    "Anybody can take me to a server of theirs. Whoever runs me can end that in the developer portal: on the page "
    "Installation set Install Link to None, then on the page Bot switch Public Bot off."
)
DOCTOR_PUBLIC_UNKNOWN = (
    "Discord did not say whether anybody can take me to a server of theirs. Please check again later, or look in the "
    "developer portal: on the page Bot, Public Bot should be off."
)
DOCTOR_REVIEW_OPEN = (
    "Everybody on this server can read the review channel {channel}, and with it examples that nobody has approved. "
    "In the channel's settings under Permissions, take View Channel from @everyone, and give it to the moderators' "
    "role and to me."
)
DOCTOR_EVERYONE_MODERATES = (
    "The moderators' role is @everyone: every member can approve examples and make learning sets. Choose another role "
    "with `/setup`."
)
DOCTOR_NOT_OFFERED = (
    "Discord does not offer `/queue`, `/sets` and `/insights` to {role}, which lacks Manage Messages. Give it that "
    "permission, or allow the role these commands in Server Settings: under Integrations, choose my name."
)
DOCTOR_LIBRARY = "Library"
DOCTOR_LIBRARY_EMPTY = "EMPTY: nothing can be answered. The operator adds documents with `haln index add`."
DOCTOR_REPAIR = "To give me what is missing, invite me again with this link, or change the channel's permissions: {url}"

STATUS = "How large and how fresh the library is"
STATUS_TITLE = "The library"
STATUS_DOCUMENTS = "Documents: {documents} ({kinds})"
STATUS_KINDS = {
    Kind.CASE_STUDY: ("case study", "case studies"),
    Kind.EVENT: ("event", "events"),
    Kind.EXAMPLE: ("example from members", "examples from members"),
    Kind.GLOSSARY: ("glossary entry", "glossary entries"),
    Kind.LESSON: ("lesson", "lessons"),
    Kind.PROGRAMME: ("programme", "programmes"),
    Kind.REPORT: ("report", "reports"),
    Kind.RESOURCE: ("other resource", "other resources"),
    Kind.TOOLKIT: ("toolkit", "toolkits"),
}
STATUS_PASSAGES = "Passages: {chunks}"
STATUS_REFRESHED = "Last refresh: {moment}"
STATUS_CHANGED = "Last change: {moment}"
STATUS_TROUBLE = "Sources that could not be read last time: {number} of {all}. The operator can see which, and why."
STATUS_AGE = "Publication years: {oldest} to {newest}"
STATUS_OLD = "More than five years old: {old} of {dated} dated documents"
STATUS_MODEL = "Embedding model: {model}"
STATUS_NEVER = "never"
