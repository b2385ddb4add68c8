"""The direct messages about profiles, introductions and questions. Each is made from what is so when it is sent."""

from datetime import datetime, timedelta

from discord import ButtonStyle, ui

from bot.discord.peers import texts
from bot.discord.peers.match_view import match_view, name_first, name_of, person
from bot.discord.peers.matches import listed
from bot.discord.peers.members import known, on_discord
from bot.discord.runtime.components import button, notice, page_view, within
from bot.discord.runtime.markdown import cut, safe, safe_cut, safe_with_links
from bot.discord.runtime.worker import Backend, Worker
from knowledge.dates import UK, spoken, stamp
from knowledge.domain.ids import new_id
from knowledge.domain.members import Member, Opening, Profile, Search
from knowledge.domain.outbox import QueuedMessage
from knowledge.domain.vocabulary import DueKind
from knowledge.matching.access import VisibleReply
from knowledge.matching.profiles import RENEWAL, notice_before_deletion, renewal_due
from knowledge.matching.wording import CONSENT_VERSION

_MOST_TEXT, _MOST_PART = 3600, 600
# Less of a line is not worth showing.
_LEAST_LINE = 10


class ProfileNotices:
    """One method a kind; `None` when there is nothing to say any more."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def left_servers(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return the message that they are on no server any more, and paused for that."""
        member = await self._member(queued)
        if member is None or not member.paused:
            return None
        return page_view(texts.LEFT_SERVERS, button("profile_resume", "", texts.RESUME))

    async def expires(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return the message that their profile is deleted soon, unless they have been here meanwhile."""
        member, now = await self._member(queued), self._worker.now()
        if member is None:
            return None
        settings = self._worker.settings
        on = datetime.fromisoformat(member.active_at) + timedelta(days=settings.member_days)
        if on - now > notice_before_deletion(settings):  # they have been here since it was queued
            return None
        text = texts.EXPIRES.format(date=spoken(on.astimezone(UK).date(), None))
        return page_view(
            text,
            button("profile_keep", "", texts.KEEP_PROFILE, ButtonStyle.success),
            button("profile_leave", "", texts.LEAVE, ButtonStyle.danger),
        )

    async def renew_consent(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return the question whether what they agreed to a year ago still holds."""
        member, now = await self._member(queued), self._worker.now()
        if member is None or not renewal_due(member, now):
            return None
        return page_view(
            texts.RENEW.format(days=RENEWAL.days),
            button("profile_renew", CONSENT_VERSION, texts.RENEW_YES, ButtonStyle.success),
            button("profile_start", "", texts.RENEW_READ),
            button("profile_leave", "", texts.LEAVE, ButtonStyle.danger),
        )

    async def _member(self, queued: QueuedMessage) -> Member | None:
        user_id = queued.message.user_id or 0
        return await self._worker.db(lambda backend: known(backend.peers, user_id))


class NoticeViews:
    """One method a kind; `None` when there is nothing to say any more."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def request(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return the message that somebody would like to meet."""
        me, introduction_id = _receiver(queued), _key(queued, "introduction_id")
        found = await self._worker.model(lambda backend: backend.access.request(me, introduction_id))
        if found is None:
            return None
        lines = [f"### {texts.REQUEST_TITLE.format(name=name_first(found.seeker))}", person(found.seeker)]
        if found.standing.topic:
            lines.append(texts.ABOUT.format(topic=safe_cut(found.standing.topic, _MOST_PART)))
        lines += [*_said(found.seeker), f"-# {texts.REQUEST_NOTE}"]
        return page_view(
            "\n".join(within(lines, _MOST_TEXT)),
            button("intro_accept", introduction_id, texts.ACCEPT, ButtonStyle.success),
            button("intro_decline", introduction_id, texts.NOT_NOW),
            button("intro_block", introduction_id, texts.BLOCK, ButtonStyle.danger),
        )

    async def introduced(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return the message that both agreed to meet."""
        me, introduction_id = _receiver(queued), _key(queued, "introduction_id")
        opening = await self._worker.model(lambda backend: backend.access.opening(me, introduction_id))
        if opening is None:
            return None
        other = next(one for one in opening.members if one != me)
        who = texts.WRITES_FIRST if opening.writes_first == me else texts.THEY_WRITE
        if not on_discord(other):
            lines = [*opening_lines(opening), texts.WRITE_BY_MAIL, who]
            write = button("letter_write", introduction_id, texts.WRITE, ButtonStyle.primary)
            return page_view("\n".join(within(lines, _MOST_TEXT)), write)
        lines = [*opening_lines(opening), texts.WRITE_TO.format(mention=f"<@{other}>"), who]
        return page_view("\n".join(within(lines, _MOST_TEXT)))

    async def unreachable(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return the message that the other could not be told."""
        me, introduction_id = _receiver(queued), _key(queued, "introduction_id")
        other = await self._worker.db(lambda backend: backend.access.agreed(me, introduction_id))
        return None if other is None else page_view(texts.UNREACHABLE.format(mention=f"<@{other.id}>"))

    async def lapsed(self, _: QueuedMessage) -> ui.LayoutView | None:
        """Return the message that there was no answer; nothing says whose."""
        return page_view(texts.LAPSED)

    async def no_coffee(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return the message that nobody was left for a coffee; nothing where they do not take part any more."""
        me = _receiver(queued)
        taking = await self._worker.db(lambda backend: backend.peers.coffee(me))
        return None if taking is None else page_view(texts.COFFEE_NOBODY)

    async def how_it_went(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return the question whether they spoke, or whether it changed anything."""
        me, introduction_id = _receiver(queued), _key(queued, "introduction_id")
        kind = DueKind(queued.message.kind.removeprefix("peers."))
        other = await self._worker.model(lambda backend: backend.access.met(me, introduction_id))
        if other is None:
            return None
        text = texts.SPOKE if kind is DueKind.DID_YOU_SPEAK else texts.CHANGED
        return page_view(
            text.format(name=name_of(other)),
            button("intro_said", f"{introduction_id}:{kind}:yes", texts.YES, ButtonStyle.success),
            button("intro_said", f"{introduction_id}:{kind}:no", texts.NO),
        )

    async def someone_fits(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return the message that somebody fits what they look for."""
        me, made_at = _receiver(queued), stamp(self._worker.now())
        search = Search(id=new_id(), member_id=me, made_at=made_at)

        if await self._worker.db(lambda backend: known(backend.peers, int(me))) is None:
            return None
        found = await listed(self._worker, search)
        if not any(match.fits for match in found.matches.matches):
            return None
        await self._worker.db(lambda backend: backend.library.members.save_search(search), atomic=True)
        return match_view(found, search, 0, heading=texts.SOMEONE_FITS, waits=False, thin=False)

    async def question(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return a question that the library could not answer."""
        me, question_id = _receiver(queued), _key(queued, "question_id")
        found = await self._worker.model(lambda backend: backend.access.question(me, question_id))
        if found is None:
            return None
        lines = [
            f"### {texts.QUESTION_TITLE}",
            texts.QUESTION_FROM.format(name=name_first(found.asker)) if found.asker else texts.QUESTION_UNNAMED,
            f"> {safe(cut(found.question.question, 1500))}",
            f"-# {texts.QUESTION_NOTE}",
        ]
        return page_view("\n".join(lines), button("peer_reply", question_id, texts.REPLY, ButtonStyle.primary))

    async def reply(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return a member's reply."""
        me, question_id = _receiver(queued), _key(queued, "question_id")
        moment = queued.message.data.get("replied_at")

        def author(backend: Backend) -> str | None:
            routes = backend.library.members.routes(question_id)
            return next((route.member_id for route in routes if route.replied_at == moment), None)

        by = await self._worker.db(author)
        found = await self._worker.model(lambda backend: backend.access.reply(me, question_id, by or ""))
        if found is None:
            return None
        handle = await self._worker.db(lambda backend: backend.library.members.handle(question_id, found.reply.author))
        key = f"{question_id}:{handle}"
        return page_view(
            reply_text(found, texts.DID_IT_HELP),
            button("peer_helpful", f"{key}:yes", texts.HELPFUL, ButtonStyle.success),
            button("peer_helpful", f"{key}:no", texts.NOT_HELPFUL),
        )

    async def helped(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return the message that a reply helped and may become an example: its author gets a draft."""
        view = notice(texts.HELPED)
        draft = button("example_draft", _key(queued, "draft"), texts.SHARE_EXAMPLE, ButtonStyle.primary)
        view.add_item(ui.ActionRow(draft))
        return view


def opening_lines(opening: Opening) -> list[str]:
    """Return the first line of an introduction and what the two have in common."""
    shared = [f"- {safe_cut(line, _MOST_PART)}" for line in opening.in_common]
    return [f"### {texts.INTRODUCED_TITLE}", safe(opening.first_line), *shared]


def reply_text(found: VisibleReply, last: str) -> str:
    """Return a reply below its question, who wrote it and a last line. Of a long one, only the end is left out."""
    head = f"### {texts.REPLY_FROM.format(name=name_first(found.author))}\n> {safe_cut(found.reply.question, 500)}\n"
    foot = f"\n-# {person(found.author)}\n{last}"
    lines, room = [], _MOST_TEXT - len(head) - len(foot)
    for line in found.reply.reply.splitlines():
        if room < _LEAST_LINE:
            lines.append("…")
            break
        # Addresses that somebody sends to whoever asked are to be opened.
        shown = safe_with_links(line)
        lines.append(shown if len(shown) <= room else safe_cut(line, room))
        room -= len(lines[-1]) + 1
    return head + "\n".join(lines) + foot


def _said(profile: Profile) -> list[str]:
    parts = (
        (texts.LOOKS_FOR, profile.looking_for),
        (texts.WORKS_ON, profile.working_on),
        (texts.OFFERS, profile.can_offer),
    )
    return [text.format(text=safe_cut(words, _MOST_PART)) for text, words in parts if words]


def _receiver(queued: QueuedMessage) -> str:
    return queued.message.recipient


def _key(queued: QueuedMessage, name: str) -> str:
    return str(queued.message.data[name])
