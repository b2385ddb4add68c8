"""The events of a server and those of the library's calendar, together, the next one first."""

from datetime import timedelta

import discord

from bot.discord.browse import texts
from bot.discord.runtime.markdown import cut, link, safe_with_links
from knowledge.dates import beginning, spoken
from knowledge.digest.events import Coming as Coming
from knowledge.digest.events import documented
from knowledge.digest.events import in_order as in_order
from knowledge.digest.events import of_library as of_library
from knowledge.domain.library import Metadata

# An address that is longer than this is cut, and would lead nowhere; no meeting has one.
_LONGEST_PLACE = 1000
# What stands below something else must leave it room.
_SHORT_URL = 200


def of_server(guild: discord.Guild | None, who: discord.Member | discord.User | None = None) -> list[Coming]:
    """Return a server's own events that are on or still to come, as a member may see them; without one, as all may."""
    if guild is None:
        return []
    viewer = who if isinstance(who, discord.Member) else guild.default_role
    alive = (discord.EventStatus.scheduled, discord.EventStatus.active)
    events = [event for event in guild.scheduled_events if event.status in alive]
    return [_scheduled(event) for event in events if _may_see(viewer, event)]


def entry(event: Coming) -> str:
    """Return an event in two lines: its title as a link; when it is in UK time, how far off, where, and who says so."""
    how_far = discord.utils.format_dt(beginning(event.starts), "R")
    whose = texts.EVENT_FROM_LIBRARY if event.told_on is None else texts.EVENT_HERE
    # Where it takes place online, that is the address at which members join it.
    place = safe_with_links(cut(event.place, _LONGEST_PLACE)) if event.place else None
    details = " · ".join(filter(None, [event.when, how_far, place, whose]))
    return f"{link(event.title, event.url)}\n-# {details}"


def next_event_line(metadata: Metadata) -> str:
    """Return an event of the library in one line, for below an answer or a list of members."""
    event = documented("", metadata)
    title = link(event.title, event.url if event.url and len(event.url) <= _SHORT_URL else None)
    return f"{texts.EVENT_NEXT} {title}, {event.when}"


def _may_see(viewer: discord.Member | discord.Role, event: discord.ScheduledEvent) -> bool:
    """Return whether Discord itself shows an event: one in a channel is for those who can view that."""
    if event.entity_type is discord.EntityType.external:
        return True
    return event.channel is not None and event.channel.permissions_for(viewer).view_channel


def _scheduled(event: discord.ScheduledEvent) -> Coming:
    length = event.end_time - event.start_time if event.end_time else None
    if length is not None and length <= timedelta(0):
        length = None
    place = event.location or (f"#{event.channel.name}" if event.channel else None)
    return Coming(
        title=event.name,
        url=event.url,
        starts=event.start_time,
        when=spoken(event.start_time, length),
        place=place,
        told_on=discord.utils.snowflake_time(event.id),
    )
