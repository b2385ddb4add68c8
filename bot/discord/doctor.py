"""The check-up of a server: every permission in every place that matters, and exactly what is missing."""

from collections.abc import Iterator, Sequence

import discord

from bot.discord.marking import safe
from bot.discord.permissions import Finding, check, invite_link
from bot.texts import discord_admin as texts
from knowledge.servers import Forum, Server


def findings(
    guild: discord.Guild,
    server: Server,
    forums: Sequence[Forum],
    here: tuple[str, discord.Permissions] | None = None,
) -> Iterator[Finding]:
    """A finding for each place that was chosen.

    `here` is the place that the check was asked for in, and what the bot may do there.
    """
    yield check("server", safe(guild.name), guild.me.guild_permissions)
    if here is not None:
        yield check("here", *here)
    chosen = [("review_channel", server.review_channel), ("digest_channel", server.digest_channel)]
    chosen += [("forum", forum.channel_id) for forum in forums if forum.replies or forum.searchable]
    for purpose, channel_id in chosen:
        if channel_id is None:
            continue
        channel = guild.get_channel(channel_id)
        if channel is None:
            yield Finding(purpose, None)
        else:
            yield check(purpose, channel.mention, channel.permissions_for(guild.me))


def report(
    guild: discord.Guild,
    server: Server,
    forums: Sequence[Forum],
    here: tuple[str, discord.Permissions] | None,
    *,
    application_id: int,
    reads_messages: bool,
    documents: int,
) -> str:
    """The check-up as an admin reads it."""
    lines = [f"### {texts.DOCTOR_TITLE}"]
    found = list(findings(guild, server, forums, here))
    lines += [_line(finding) for finding in found]
    role = guild.get_role(server.moderator_role) if server.moderator_role else None
    lines.append(f"{texts.DOCTOR_MODERATORS}: {role.mention if role else texts.DOCTOR_ROLE_GONE}")
    lines.append(f"{texts.DOCTOR_LIBRARY}: {texts.DOCTOR_OK if documents else texts.DOCTOR_LIBRARY_EMPTY}")
    lines.append(texts.DOCTOR_READING_ON if reads_messages else texts.DOCTOR_READING_OFF)
    if all(finding.fine for finding in found):
        lines.append(f"**{texts.DOCTOR_FINE}**")
    else:
        lines.append(texts.DOCTOR_REPAIR.format(url=f"<{invite_link(application_id)}>"))
    return "\n".join(lines)


def _line(finding: Finding) -> str:
    label = texts.DOCTOR_PURPOSES[finding.purpose]
    if finding.place is None:
        return f"{label}: {texts.DOCTOR_GONE}"
    state = texts.DOCTOR_MISSING.format(permissions=", ".join(finding.missing)) if finding.missing else texts.DOCTOR_OK
    return f"{label} {finding.place}: {state}"
