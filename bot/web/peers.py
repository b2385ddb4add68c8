"""Finding members: a profile and what its owner decides about it, who fits, and asking to meet them."""

import math
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.backend import Backend
from bot.web import peer_texts, texts
from bot.web.documents import page_number
from bot.web.errors import PageError
from bot.web.forms import Fields, read_form, see
from bot.web.rate_limits import Limited
from bot.web.sign_in import require_member
from bot.web.site import site_of, visitor_of
from knowledge.dates import stamp
from knowledge.domain.ids import new_id
from knowledge.domain.members import Introduction, Match, Member, Profile, Search
from knowledge.domain.vocabulary import IntroductionState as State
from knowledge.domain.vocabulary import Level, Nation, Pillar, Sector, Stage, Term
from knowledge.errors import MemberError, QuestionError
from knowledge.guidance.related import Related, beside_matches
from knowledge.matching.peers import Peers
from knowledge.matching.wording import CONSENT_VERSION

_MOST_MATCHES, _ON_A_PAGE = 12, 6
_LONGEST_TOPIC = 300
_SOUGHT = ("topic", "sector", "nation", "different")
_LINES = ("display_name", "role", "organisation", "region")
_WORDS = ("looking_for", "can_offer", "working_on")
_LONGEST = dict.fromkeys(_LINES, 200) | dict.fromkeys(_WORDS, 2000)
_CHOICES: dict[str, type[Term]] = {"sector": Sector, "nation": Nation, "level": Level, "stage": Stage}


class _Found(NamedTuple):
    """The matches of a search, notes on them, each one's handle (a form names nobody), and what fits beside them."""

    matches: tuple[Match, ...]
    note: str | None
    handles: dict[str, str]
    related: Related


async def overview(request: Request) -> Response:
    """Show the search for members and, where one was made, who fits it; or how to make a profile first."""
    return await _overview(request, {})


async def find(request: Request) -> Response:
    """Keep a search, and show who fits under an address of its own: what is looked for is in no address."""
    member_id, fields, site = require_member(request), await read_form(request), site_of(request)
    topic = " ".join(fields["topic"].split())
    if len(topic) > _LONGEST_TOPIC:
        return await _overview(request, {"topic": peer_texts.TOPIC_LONG.format(most=_LONGEST_TOPIC)}, fields)
    site.limits.count(Limited.QUESTION, visitor_of(request).name)
    search = Search(
        id=new_id(),
        member_id=member_id,
        topic=topic,
        sector=Sector(fields["sector"]) if fields["sector"] in tuple(Sector) else None,
        nation=Nation(fields["nation"]) if fields["nation"] in tuple(Nation) else None,
        different=fields["different"] if fields["different"] in dict(peer_texts.DIFFERENT) else None,
        made_at=stamp(site.now()),
    )
    await site.db(lambda backend: backend.library.members.save_search(search))
    return see(f"/peers?search={search.id}#found")


async def ask(request: Request) -> Response:
    """Ask to be introduced to somebody of a list."""
    member_id, fields, site = require_member(request), await read_form(request), site_of(request)
    topic, search_id, handle = " ".join(fields["topic"].split()), fields["search"], fields["member"]

    def asked(backend: Backend) -> Introduction:
        members = backend.library.members
        search = members.search(search_id)
        if search is None or search.member_id != member_id:
            raise PageError(404, texts.NOT_FOUND, peer_texts.NOT_KEPT)
        # Who has left is refused like anybody else who cannot be asked.
        return backend.peers.ask(member_id, members.behind(search_id, handle) or handle[:64], topic[:_LONGEST_TOPIC])

    introduction = await site.db(asked)
    if introduction.state is State.ACCEPTED:
        return see(f"/peers/introductions/{introduction.id}?done=accept")
    return see("/peers/introductions?done=asked")


async def profile(request: Request) -> Response:
    """Show the profile as a form, with what to agree to before there is one."""
    member = await _member(request)
    return await _profile(request, member, _values(member), member is not None and member.findable, {})


async def save(request: Request) -> Response:
    """Store the profile, if its owner agrees to the text in force."""
    member_id, fields, site = require_member(request), await read_form(request), site_of(request)
    member = await _member(request)
    values: dict[str, object] = {name: fields[name] for name in (*_LINES, *_WORDS)}
    values |= {name: fields[name] if fields[name] in tuple(terms) else "" for name, terms in _CHOICES.items()}
    values["pillars"] = [one for one in fields.all("pillars") if one in tuple(Pillar)]
    errors = {
        name: peer_texts.TOO_LONG.format(label=peer_texts.FIELDS[name], most=most)
        for name, most in _LONGEST.items()
        if len(fields[name]) > most
    }
    agreed = member is not None and member.consent == CONSENT_VERSION
    if not agreed and fields["version"] != CONSENT_VERSION:
        errors["consent"] = peer_texts.CONSENT_CHANGED
    elif not agreed and fields["consent"] != "yes":
        errors["consent"] = peer_texts.CONSENT_NEEDED
    findable, requests = fields["findable"] == "yes", fields["requests"]
    most_requests = int(requests) if requests in dict(peer_texts.REQUESTS) and requests else None
    shown = {**values, "requests": requests}
    if not errors:
        decided = {"findable": findable, "requests_a_month": most_requests} | ({} if agreed else {"consent": True})
        try:
            await site.db(lambda backend: backend.peers.save({"id": member_id, **values, **decided}))
        except (QuestionError, MemberError) as error:
            errors["display_name"] = str(error)
        else:
            return see("/peers/profile?saved=yes")
    return await _profile(request, member, shown, findable, errors)


async def switch(request: Request) -> Response:
    """Do what one button of a profile says."""
    member_id, fields = require_member(request), await read_form(request)
    action, version = fields["action"], fields["version"]

    def change(peers: Peers) -> None:
        if action in ("find", "hide"):
            peers.set_findable(member_id, findable=action == "find")
        elif action in ("tell", "untell"):
            peers.tell_me(member_id, wanted=action == "tell")
        elif action == "pause":
            peers.pause(member_id)
        elif action == "resume":
            peers.resume(member_id)
        elif action == "keep":
            peers.keep(member_id)
        elif action == "renew":
            peers.renew_consent(member_id, version)

    await site_of(request).db(lambda backend: change(backend.peers))
    return see("/peers" if action in ("tell", "untell", "renew") else "/peers/profile")


async def leave(request: Request) -> Response:
    """Delete the profile with everything that belongs to it."""
    member_id, fields = require_member(request), await read_form(request)
    if fields["sure"] != "yes":
        member = await _member(request)
        findable = member is not None and member.findable
        return await _profile(request, member, _values(member), findable, {"sure": peer_texts.LEAVE_SURE})
    if await _member(request) is not None:
        await site_of(request).db(lambda backend: backend.peers.forget(member_id))
    return see("/peers?done=left")


async def _overview(request: Request, errors: dict[str, str], fields: Fields | None = None) -> Response:
    site, member = site_of(request), await _member(request)
    waits_for_consent = member is not None and member.consent != CONSENT_VERSION
    if member is None or waits_for_consent:
        # An older text, or one that lapsed: they read it with their profile.
        return await _profile(request, member, _values(member), member is not None and member.findable, {})
    search = None if fields else await _search(request, member)
    found, note, handles, related = await _matches(request, search, member) if search else ((), None, {}, Related())
    pages = max(1, math.ceil(len(found) / _ON_A_PAGE))
    number = min(page_number(request), pages)
    asked_anew = await site.db(lambda backend: backend.peers.asked_to_renew(member))
    waiting = await site.db(lambda backend: _waiting(backend, member.profile.id))
    return await site.page(
        request,
        "peers.html",
        400 if errors else 200,
        title=peer_texts.TITLE,
        peer_texts=peer_texts,
        member=member,
        search=search,
        typed={name: fields[name] for name in _SOUGHT} if fields else _typed(search),
        found=found[(number - 1) * _ON_A_PAGE : number * _ON_A_PAGE],
        count=len(found),
        note=note,
        handles=handles,
        related=related,
        number=number,
        pages=pages,
        sectors=tuple(Sector),
        nations=tuple(Nation),
        asked_anew=await site.db(lambda backend: backend.peers.consent_text()) if asked_anew else None,
        version=CONSENT_VERSION,
        waiting=waiting,
        errors=errors,
    )


async def _profile(
    request: Request, member: Member | None, values: dict[str, object], findable: bool, errors: dict[str, str]
) -> Response:
    agreed = member is not None and member.consent == CONSENT_VERSION
    consent = None if agreed else await site_of(request).db(lambda backend: backend.peers.consent_text())
    return await site_of(request).page(
        request,
        "peers_profile.html",
        400 if errors else 200,
        title=peer_texts.PROFILE_TITLE,
        peer_texts=peer_texts,
        member=member,
        values=values,
        findable=findable,
        consent=consent,
        version=CONSENT_VERSION,
        choices={name: tuple(terms) for name, terms in _CHOICES.items()},
        pillars=tuple(Pillar),
        saved=request.query_params.get("saved") == "yes",
        left=request.query_params.get("done") == "left",
        errors=errors,
    )


async def _member(request: Request) -> Member | None:
    member_id = require_member(request)
    return await site_of(request).db(lambda backend: backend.library.members.member(member_id))


async def _search(request: Request, member: Member) -> Search | None:
    search_id = request.query_params.get("search", "")
    if not search_id:
        return None
    search = await site_of(request).db(lambda backend: backend.library.members.search(search_id))
    if search is None or search.member_id != member.profile.id:
        raise PageError(404, texts.NOT_FOUND, peer_texts.NOT_KEPT)
    return search


async def _matches(request: Request, search: Search, member: Member) -> _Found:
    """Return who fits a search now, and what goes with them."""
    now = site_of(request).now()

    def matched(backend: Backend) -> _Found:
        found = backend.peers.match(
            member.profile.id,
            k=_MOST_MATCHES,
            topic=search.topic or None,
            sector=search.sector,
            nation=search.nation,
            different=search.different,
        )
        fitting = tuple(match for match in found.matches if match.fits)
        thin = not search.topic and not member.profile.looking_for
        shown = fitting or (found.matches if thin else ())
        note = peer_texts.NEAREST if shown and not fitting else found.note
        members = backend.library.members
        handles = {one.member_id: members.handle(search.id, one.member_id) for one in shown}
        related = beside_matches(backend.library, now, member.profile, search.topic, search.nation, len(shown))
        return _Found(shown, note, handles, related)

    return await site_of(request).model(matched)


def _waiting(backend: Backend, member_id: str) -> tuple[int, int]:
    """Return how many requests and how many questions wait for a member's answer."""
    standings = backend.peers.standings(member_id)
    requests = sum(not one.mine and one.state is State.ASKED and one.counterpart is not None for one in standings)
    return requests, len(backend.peers.questions_for(member_id))


def _values(member: Member | None) -> dict[str, object]:
    """Return what a profile's form is filled in with."""
    found = (member.profile if member else Profile(id="nobody")).model_dump(exclude={"id"})
    most = member.most_requests if member else None
    return {**found, "requests": "" if most is None else str(most)}


def _typed(search: Search | None) -> dict[str, object]:
    return {
        "topic": search.topic if search else "",
        "sector": search.sector if search else None,
        "nation": search.nation if search else None,
        "different": search.different if search else None,
    }


ROUTES = (
    Route("/peers", overview),
    Route("/peers", find, methods=["POST"]),
    Route("/peers/ask", ask, methods=["POST"]),
    Route("/peers/profile", profile),
    Route("/peers/profile", save, methods=["POST"]),
    Route("/peers/switch", switch, methods=["POST"]),
    Route("/peers/leave", leave, methods=["POST"]),
)
