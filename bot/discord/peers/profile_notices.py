"""The direct messages about a member's own profile: it is paused, is to be deleted, or wants to be agreed to anew."""

from datetime import datetime, timedelta

from discord import ButtonStyle, ui

from bot.discord.peers import texts
from bot.discord.peers.members import known
from bot.discord.runtime.components import button, page_view
from bot.discord.runtime.worker import Worker
from knowledge.dates import UK, spoken
from knowledge.domain.members import Member
from knowledge.domain.outbox import QueuedMessage
from knowledge.matching.expiry import RENEWAL, notice_before_deletion, renewal_due
from knowledge.matching.wording import CONSENT_VERSION


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
