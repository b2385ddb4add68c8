"""The check-up of a server: every permission in every place that matters, and exactly what is missing."""

from collections.abc import Iterator, Sequence

import discord

from bot.discord.admin import texts
from bot.discord.admin.permissions import PermissionFinding, check, invite_link
from bot.discord.runtime.markdown import safe
from knowledge.servers.types import Forum, Server

_MOST_ELSEWHERE = 8


def findings(
    guild: discord.Guild,
    server: Server,
    forums: Sequence[Forum],
    here: tuple[str, discord.Permissions] | None = None,
) -> Iterator[PermissionFinding]:
    """Yield a finding for each place that was chosen.

    `here` is the place that the check was asked for in, and what the bot may do there.
    """
    yield check("server", safe(guild.name), guild.me.guild_permissions)
    if here is not None:
        yield check("here", *here)
    yield from chosen_findings(guild, server, forums)


def chosen_findings(guild: discord.Guild, server: Server, forums: Sequence[Forum]) -> Iterator[PermissionFinding]:
    """Yield a finding for each channel that was chosen in `/setup`."""
    chosen = [("review_channel", server.review_channel), ("digest_channel", server.digest_channel)]
    chosen += [("forum" if f.replies else "forum_read", f.channel_id) for f in forums if f.replies or f.searchable]
    for purpose, channel_id in chosen:
        if channel_id is None:
            continue
        channel = guild.get_channel(channel_id)
        if channel is None:
            yield PermissionFinding(purpose, None)
        else:
            yield check(purpose, channel.mention, channel.permissions_for(guild.me))


def missing_lines(guild: discord.Guild, server: Server, forums: Sequence[Forum]) -> list[str]:
    """Return what is missing in the channels that were chosen, one line each; nothing where all is well."""
    return [_line(finding) for finding in chosen_findings(guild, server, forums) if not finding.fine]


def unchosen_lines(server: Server, forums: Sequence[Forum]) -> list[str]:
    """Return what no channel is chosen for, one line each: one may have been chosen once, and deleted since."""
    chosen = {
        "review_channel": server.review_channel is not None,
        "digest_channel": server.digest_channel is not None,
        "forum": any(forum.replies or forum.searchable for forum in forums),
    }
    return [
        f"{texts.DOCTOR_PURPOSES[purpose]}: {texts.DOCTOR_NOT_SET}" for purpose, is_set in chosen.items() if not is_set
    ]


def exposure_lines(guild: discord.Guild, server: Server, *, public: bool | None, offered: bool) -> list[str]:
    """Return what lets more people in than is meant, one line each, with the remedy; nothing where all is well.

    `public` is whether anybody may invite the bot; `None`: Discord did not say. `offered` is whether admins have
    offered the moderators' commands to their role.
    """
    lines = []
    if public is not False:
        lines.append(texts.DOCTOR_PUBLIC if public else texts.DOCTOR_PUBLIC_UNKNOWN)
    channel = guild.get_channel(server.review_channel) if server.review_channel else None
    if channel is not None and channel.permissions_for(guild.default_role).view_channel:
        lines.append(texts.DOCTOR_REVIEW_OPEN.format(channel=channel.mention))
    role = guild.get_role(server.moderator_role) if server.moderator_role else None
    if role is not None and role.is_default():
        lines.append(texts.DOCTOR_EVERYONE_MODERATES)
    elif role is not None and not (offered or role.permissions.manage_messages or role.permissions.administrator):
        lines.append(texts.DOCTOR_NOT_OFFERED.format(role=role.mention))
    return lines


def elsewhere_lines(guild: discord.Guild, server: Server) -> list[str]:
    """Return in how many other text channels it can answer a mention, and what is missing in those where it cannot."""
    chosen = {server.review_channel, server.digest_channel}
    others = [channel for channel in guild.text_channels if channel.id not in chosen]
    found = [check("elsewhere", channel.mention, channel.permissions_for(guild.me)) for channel in others]
    lacking = [finding for finding in found if not finding.fine]
    lines = [texts.DOCTOR_ELSEWHERE.format(fine=len(found) - len(lacking), all=len(found))] if found else []
    lines += [f"- {finding.place}: {', '.join(finding.missing)}" for finding in lacking[:_MOST_ELSEWHERE]]
    if (more := len(lacking) - _MOST_ELSEWHERE) > 0:
        lines.append(f"- {texts.DOCTOR_MORE.format(number=more)}")
    return lines


def report(
    guild: discord.Guild,
    server: Server,
    forums: Sequence[Forum],
    here: tuple[str, discord.Permissions] | None,
    *,
    application_id: int,
    public: bool | None,
    offered: bool,
    reads_messages: bool,
    documents: int,
) -> str:
    """Return the check-up as an admin reads it."""
    lines = [f"### {texts.DOCTOR_TITLE}"]
    found = list(findings(guild, server, forums, here))
    lines += [_line(finding) for finding in found]
    lines += unchosen_lines(server, forums)
    lines += elsewhere_lines(guild, server)
    role = guild.get_role(server.moderator_role) if server.moderator_role else None
    lines.append(f"{texts.DOCTOR_MODERATORS}: {role.mention if role else texts.DOCTOR_ROLE_GONE}")
    lines.append(f"{texts.DOCTOR_LIBRARY}: {texts.DOCTOR_OK if documents else texts.DOCTOR_LIBRARY_EMPTY}")
    if exposed := exposure_lines(guild, server, public=public, offered=offered):
        lines += [f"**{texts.DOCTOR_EXPOSED}**", *(f"- {line}" for line in exposed)]
    lines.append(texts.DOCTOR_READING_ON if reads_messages else texts.DOCTOR_READING_OFF)
    if all(finding.fine for finding in found):
        lines.append(f"**{texts.DOCTOR_FINE}**")
    else:
        lines.append(texts.DOCTOR_REPAIR.format(url=f"<{invite_link(application_id)}>"))
    return "\n".join(lines)


def _line(finding: PermissionFinding) -> str:
    label = texts.DOCTOR_PURPOSES[finding.purpose]
    if finding.place is None:
        return f"{label}: {texts.DOCTOR_GONE}"
    state = texts.DOCTOR_MISSING.format(permissions=", ".join(finding.missing)) if finding.missing else texts.DOCTOR_OK
    return f"{label} {finding.place}: {state}"
