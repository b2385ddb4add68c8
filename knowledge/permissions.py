"""The permission matrix: who may come in by which command, button, form, page or interface.

Faces ask here, at their door, about everything that somebody begins; what is in no row is open to nobody. Whose a thing
is decides who looks it up: for examples `knowledge.examples.permissions`, for people `knowledge.matching`.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache

from knowledge.domain.examples import Role


class Face(StrEnum):
    """A way in. What somebody does with the `haln` command, they do as the operator."""

    DISCORD = "discord"
    WEB = "web"
    MCP = "mcp"


class Place(StrEnum):
    """A place where somebody acts: a server (registered by the operator or not), a direct message, the web page."""

    SERVER = "server"
    ELSEWHERE = "elsewhere"
    PRIVATE = "private"
    WEB = "web"
    MACHINE = "machine"


class Audience(StrEnum):
    """A group of people that something is for.

    NETWORK: whoever is on a registered server or writes to the assistant directly; on the web everybody.
    OWN: the same people, for what is their own; on the web they have signed in.
    OWN_OR_TEAM: the same, or who moderates. MEMBERS: members of the network, wherever they are.
    TEAM: who moderates. CHANNEL_TEAM: the same, or who may manage messages in that channel. ADMINS: who manages the
    server. ADMINS_ANYWHERE: also of a server that is not registered yet. PROGRAMS: who holds the interface's token.
    OPERATOR: who sits at the machine. NOBODY: nobody.
    """

    NETWORK = "network"
    OWN = "own"
    OWN_OR_TEAM = "own_or_team"
    MEMBERS = "members"
    TEAM = "team"
    CHANNEL_TEAM = "channel_team"
    ADMINS = "admins"
    ADMINS_ANYWHERE = "admins_anywhere"
    PROGRAMS = "programs"
    OPERATOR = "operator"
    NOBODY = "nobody"


class Refusal(StrEnum):
    """A reason why somebody may not; a face has its words for it."""

    NOT_REGISTERED = "not_registered"
    NOT_A_MEMBER = "not_a_member"
    NOT_OFFERED = "not_offered"
    TEAM_ONLY = "team_only"
    ADMINS_ONLY = "admins_only"
    TOKEN_NEEDED = "token_needed"  # noqa: S105 - a reason


_TEAM = frozenset({Role.MODERATOR, Role.ADMIN})
_MEMBERS = _TEAM | {Role.MEMBER, Role.BANNED}
_FOR_MODERATORS = frozenset({Audience.TEAM, Audience.CHANNEL_TEAM})
_FOR_ADMINS = frozenset({Audience.ADMINS, Audience.ADMINS_ANYWHERE})

# Commands and entries of a message's menu begin with "/" and have "_" for a space; buttons and forms stand under their
# action. A mention, and whatever else is written to the assistant, is `mention`.
_DISCORD: Mapping[Audience, str] = {
    Audience.NETWORK: """
        /ask /resources /events /glossary /measure /start /help /status /digest /profile /share
        /Find_resources_for_this /Save_as_example
        helpful unhelpful reason more tell untell share page_back page_on events_back events_on start_form mention
        example_begin example_new profile_start profile_not_now network
    """,
    Audience.OWN: """
        /privacy /my-data /forget-me /my-examples /coffee digest_own digest_email
        privacy_get privacy_in privacy_out privacy_forget forget_form
        profile_show profile_agree profile_edit profile_hide profile_pause profile_keep profile_renew profile_leave
        profile_left
        intro_list intro_withdraw intro_unblock_one intro_decline intro_block intro_unblock intro_said
        coffee_leave set_days set_close set_note_form peer_helpful
        example_text example_fill example_details example_measure example_draft example_edit example_edit_details
        example_edit_measure example_open example_own example_mine example_back example_on example_submit
        example_credit example_clearance example_level example_nation example_outcome example_pillars
        example_discard example_discard_yes example_holds example_withdraw example_withdraw_yes example_correct
        mine_back mine_on mine_open save_again save_agree save_never save_refuse
    """,
    Audience.OWN_OR_TEAM: "dismiss post_dismiss example_read /Mark_as_the_answer",
    Audience.MEMBERS: """
        /peers peers_find peers_back peers_on peers_ask peers_ask_form peers_tell peers_untell peers_on_answer
        ask_peer ask_peer_named ask_peer_unnamed peer_reply peer_reply_form profile_form profile_find profile_resume
        intro_accept letter_write letter_to letter_form coffee_join
    """,
    Audience.TEAM: """
        /queue /sets set_start solved_draft digest_off digest_on digest_monthly digest_weekly queue_back queue_on
        /insights insight_open insight_show insight_write insight_ask insight_settle insight_answer
        review_open review_approve review_confirm review_claim review_release review_decline review_request_changes
        review_withdraw review_correct review_tags review_pillars review_outcome review_level review_nation
        review_merge review_merge_other review_merge_chosen review_merge_into
    """,
    Audience.CHANNEL_TEAM: "/Who_shared_this?",
    Audience.ADMINS: """
        /doctor setup_check setup_moderators setup_review setup_digest setup_language setup_replies setup_searchable
    """,
    Audience.ADMINS_ANYWHERE: "/setup",
}
# A method and a path each, as the routes have them.
_WEB: Mapping[Audience, str] = {
    Audience.NETWORK: """
        GET:/ GET:/ask POST:/ask POST:/ask/new GET:/answers/{question_id} POST:/answers/{question_id}/feedback
        POST:/answers/{question_id}/follow GET:/follow/{recipient} POST:/follow/{recipient}
        GET:/search GET:/browse GET:/documents/{document_id} GET:/events GET:/events.ics GET:/events/{document_id}.ics
        GET:/measure GET:/new.xml GET:/robots.txt GET:/healthz GET:/about GET:/embed GET:/embed.js
        GET:/forgotten
        GET:/sign-in POST:/sign-in GET:/sign-in/link POST:/sign-in/link POST:/sign-out GET:/api/openapi.json
        GET:/sign-in/discord GET:/sign-in/discord/back
        GET:/digest/stop/{token} POST:/digest/stop/{token} GET:/digest/confirm/{token} POST:/digest/confirm/{token}
    """,
    Audience.OWN: """
        GET:/share POST:/share GET:/share/{example_id} POST:/share/{example_id} GET:/share/{example_id}/check
        POST:/share/{example_id}/check POST:/share/{example_id}/withdraw
        POST:/answers/{question_id}/peers
        GET:/my-data POST:/my-data/digest POST:/my-data/download POST:/my-data/forget
        POST:/sign-in/discord/join POST:/sign-in/part
        GET:/peers/coffee POST:/peers/coffee GET:/peers/sets/{set_id} POST:/peers/sets/{set_id}
        POST:/peers/sets/{set_id}/close
        GET:/peers/profile POST:/peers/profile POST:/peers/switch POST:/peers/leave POST:/peers/blocks
        GET:/peers/introductions GET:/peers/introductions/{introduction_id}
        POST:/peers/introductions/{introduction_id} POST:/peers/introductions/{introduction_id}/write
        GET:/peers/questions POST:/peers/questions/{question_id} POST:/peers/questions/{question_id}/helpful
    """,
    Audience.MEMBERS: "GET:/peers POST:/peers POST:/peers/ask",
    Audience.TEAM: """
        GET:/insights GET:/insights/figures.csv GET:/insights/report.md GET:/insights/charts/{key}.svg
        GET:/insights/gaps/{question_id} POST:/insights/gaps/{question_id}/settle POST:/insights/gaps/{question_id}/ask
        GET:/insights/answers GET:/insights/answers/{answer_id} POST:/insights/answers/{answer_id}
        POST:/insights/answers/{answer_id}/remove
        GET:/review GET:/review/{example_id} POST:/review/{example_id} POST:/review/{example_id}/claim
        POST:/review/{example_id}/tags POST:/review/{example_id}/merge POST:/review/{example_id}/correct
        POST:/review/{example_id}/take-down
    """,
    Audience.PROGRAMS: "POST:/api/ask GET:/api/search GET:/api/documents GET:/api/documents/{document_id}",
}
_MCP: Mapping[Audience, str] = {Audience.OPERATOR: "ask search get_document"}
_ROWS = {Face.DISCORD: _DISCORD, Face.WEB: _WEB, Face.MCP: _MCP}


@cache
def matrix(face: Face) -> Mapping[str, Audience]:
    """Return the audience of each entry of a face, by the entry's name."""
    return dict(_entries(_ROWS[face]))


def _entries(rows: Mapping[Audience, str]) -> Iterator[tuple[str, Audience]]:
    for audience, names in rows.items():
        for name in names.split():
            yield name, audience


def audience_of(face: Face, entry: str) -> Audience:
    """Return whom an entry is for; nobody, where it is in no row."""
    return matrix(face).get(entry, Audience.NOBODY)


def asks_role(audience: Audience, place: Place) -> bool:
    """Return whether somebody's role has to be looked up to know whether they may; else any role will do."""
    if place is Place.PRIVATE:
        return audience is Audience.MEMBERS
    return audience in _FOR_MODERATORS | _FOR_ADMINS


def refusal(audience: Audience, role: Role, place: Place) -> Refusal | None:
    """Return why somebody may not begin something; `None` where they may.

    Who is banned from sharing examples remains a member. Whoever left a server or was banned from it is an outsider: in
    direct messages they ask, see and delete what is theirs, decline and block, and reach no member.
    """
    if audience is Audience.NOBODY or (audience is Audience.OPERATOR and place is not Place.MACHINE):
        return Refusal.NOT_OFFERED
    if audience is Audience.PROGRAMS:
        return None if role is Role.SYSTEM else Refusal.TOKEN_NEEDED
    if place is Place.ELSEWHERE and audience is not Audience.ADMINS_ANYWHERE:
        return Refusal.NOT_REGISTERED
    if audience in _FOR_ADMINS:
        return None if role is Role.ADMIN and place is not Place.PRIVATE else Refusal.ADMINS_ONLY
    if audience in _FOR_MODERATORS:
        return None if role in _TEAM and place is not Place.PRIVATE else Refusal.TEAM_ONLY
    if audience is Audience.MEMBERS or (place is Place.WEB and audience in (Audience.OWN, Audience.OWN_OR_TEAM)):
        return None if role in _MEMBERS else Refusal.NOT_A_MEMBER
    return None
