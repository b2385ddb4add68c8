"""A member's own digest: choosing it, confirming an address for it, and the direct message that it comes as."""

from datetime import datetime

import discord
from discord import ui
from discord.ext import commands

from bot.discord.browse import events
from bot.discord.digest import texts
from bot.discord.digest.card import digest_view
from bot.discord.digest.schedule import ON_DEMAND
from bot.discord.runtime.components import choice as select
from bot.discord.runtime.components import notice
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.membership import admit_before_form
from bot.discord.runtime.networks import component_id
from bot.discord.runtime.worker import Worker
from bot.mail.digest_mail import confirmation_mail
from bot.mail.server import AddressRefusedError, MailError, MailServer
from knowledge.digest.contents import Contents
from knowledge.digest.digests import CONFIRM_HOURS, DueDigest
from knowledge.digest.storage.protocols import DigestChoice, Frequency, Means
from knowledge.domain.outbox import QueuedMessage

FORM = "digest_email"
CHOOSE = "digest_own"
_NONE = "none"
# To addresses that nobody has confirmed yet.
_MOST_MAILS, _HOUR = 3, 3600
_PERIODS = {Frequency.WEEKLY: texts.PERIODS[False], Frequency.MONTHLY: texts.PERIODS[True]}


class OwnDigest:
    """Members' own digests on Discord."""

    def __init__(self, client: discord.Client, worker: Worker) -> None:
        self._client = client
        self._worker = worker
        self._mail = MailServer(worker.settings)
        self._mails = commands.CooldownMapping[int](commands.Cooldown(_MOST_MAILS, _HOUR), int)

    async def contents(self, interaction: discord.Interaction) -> tuple[Contents, datetime]:
        """Return what a member's digest of the last weeks holds, with this server's own events; and since when."""
        me, since = str(interaction.user.id), self._worker.now() - ON_DEMAND
        announced = events.of_server(self._client.get_guild(interaction.guild_id) if interaction.guild_id else None)
        return await self._worker.db(lambda backend: backend.digests.latest(me, since, announced)), since

    async def row(self, interaction: discord.Interaction) -> ui.ActionRow[ui.LayoutView]:
        """Return the select of a member's own digest, with what they chose."""
        me = str(interaction.user.id)
        chosen, by_email = await self._worker.db(lambda backend: (backend.digests.choice(me), backend.digests.by_email))
        present = f"{chosen.frequency}:{chosen.means}" if chosen is not None else _NONE
        options = [
            discord.SelectOption(label=label, value=value, default=value == present)
            for value, label in (*texts.OWN_CHOICES.items(), (_NONE, texts.OWN_NONE))
            if by_email or not value.endswith(Means.EMAIL)
        ]
        # Without a choice the placeholder says what this is for.
        shown = options if chosen is not None else options[:-1]
        return ui.ActionRow(select(CHOOSE, "", texts.OWN_CHOOSE, shown))

    async def choose(self, interaction: discord.Interaction, _: str, values: list[str]) -> None:
        """Store a choice; for one by email, ask for the address first."""
        frequency, _, means = values[0].partition(":")
        if means == Means.EMAIL:
            await admit_before_form(self._worker, interaction)
            await interaction.response.send_modal(_form(frequency))
            return
        if not await begin(self._worker, interaction):
            return
        me = str(interaction.user.id)
        if values[0] == _NONE:
            await self._worker.db(lambda backend: backend.digests.stop(me))
            text = texts.STOPPED
        else:
            choice = await self._worker.db(
                lambda backend: backend.digests.choose(me, Frequency(frequency), Means(means))
            )
            text = chosen_text(choice)
        await interaction.edit_original_response(view=notice(text))

    async def take_address(self, interaction: discord.Interaction, key: str, values: dict[str, list[str]]) -> None:
        """Send a link to the address that a member gave; an address that is known to be theirs needs none."""
        if not await begin(self._worker, interaction):
            return
        me, frequency, typed = str(interaction.user.id), Frequency(key), values["address"][0].strip().lower()
        known, by_email = await self._worker.db(
            lambda backend: (backend.library.accounts.account(me), backend.digests.by_email)
        )
        if not by_email:
            raise RefusedError(texts.EMAIL_OFF)
        if known is not None and known.email == typed:
            choice = await self._worker.db(lambda backend: backend.digests.choose(me, frequency, Means.EMAIL))
            await interaction.edit_original_response(view=notice(chosen_text(choice)))
            return
        token = await self._worker.db(lambda backend: backend.digests.confirmation(me, frequency, typed))
        if token is None:
            raise RefusedError(texts.EMAIL_WRONG)
        if self._mails.update_rate_limit(interaction.user.id) is not None:
            raise RefusedError(texts.EMAIL_OFTEN)
        try:
            await self._mail.send(confirmation_mail(self._worker.settings, typed, frequency, token))
        except AddressRefusedError:
            pass  # whether an address exists is told to nobody
        except MailError as error:
            raise RefusedError(texts.EMAIL_FAILED) from error
        await interaction.edit_original_response(view=notice(texts.EMAIL_SENT.format(hours=CONFIRM_HOURS)))

    async def begin(self) -> int:
        """Queue the direct messages that are due; how many."""
        return await self._worker.db(lambda backend: backend.digests.begin(Means.DIRECT))

    async def message(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return a member's digest; nothing where nothing is new, or where they want none any more."""
        me, due = queued.message.recipient, DueDigest.model_validate(queued.message.data)
        chosen, contents = await self._worker.db(
            lambda backend: (backend.digests.choice(me), backend.digests.contents(me, due, backend.digests.news()))
        )
        if chosen is None or chosen.means is not Means.DIRECT or not contents.news:
            return None
        footer = texts.OWN_FOOTER.format(period=_PERIODS[chosen.frequency])
        return digest_view(contents, datetime.fromisoformat(due.since), footer)

    async def lost(self, queued: QueuedMessage, _: Exception) -> None:
        """Note that one was not delivered: the next one tells of what it would have told."""
        me, due = queued.message.recipient, DueDigest.model_validate(queued.message.data)
        await self._worker.db(lambda backend: backend.digests.missed(me, due))


def chosen_text(choice: DigestChoice) -> str:
    """Return what a member chose, and when the first digest comes."""
    said = texts.OWN_CHOICES[f"{choice.frequency}:{choice.means}"]
    return texts.CHOSEN.format(choice=said[0].lower() + said[1:], period=_PERIODS[choice.frequency])


def _form(frequency: str) -> ui.Modal:
    form = ui.Modal(title=texts.EMAIL_TITLE, custom_id=component_id(FORM, frequency), timeout=None)
    field: ui.TextInput[ui.Modal] = ui.TextInput(custom_id="address", min_length=5, max_length=254)
    form.add_item(ui.Label(text=texts.EMAIL_LABEL, description=texts.EMAIL_HELP, component=field))
    return form
