"""The network that an interaction, an event or a loop is about: noted where it enters, looked up at the first use.

Nothing reaches a library without it: where there are several networks and none is known, the worker refuses. On a
server it is the server's; in a direct message that of the button that was pressed, or of the person who writes.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

import aiohttp
import discord

from bot.discord.runtime import texts
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.retry import going_on
from knowledge.domain.networks import MAIN
from knowledge.domain.outbox import Shards

if TYPE_CHECKING:
    from bot.discord.runtime.worker import Worker

# Buttons and forms of networks beside the first one say whose they are: `haln@wales:ACTION:KEY`.
_ID = re.compile(r"haln(?:@(?P<network>[a-z0-9-]+))?:")
_REMEMBERED = timedelta(hours=1)
_MOST_REMEMBERED = 10_000
# Networks whose messages are sent side by side.
_SENDING_AT_ONCE = 8
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Origin(NamedTuple):
    """A place that something comes from: a server, or a direct message of somebody, and which network a button names.

    `person` is the sender's id, where it is known.
    """

    server_id: int | None
    person: int | None
    named: str | None = None


_CURRENT: ContextVar[Origin | str | None] = ContextVar("network", default=None)


class UnknownNetworkError(RefusedError):
    """There are several networks, and what is to be done is for none of them."""


def current() -> Origin | str | None:
    """Return the network that this task works for, or where its work comes from while nobody has looked it up."""
    return _CURRENT.get()


def settle(network: str) -> None:
    """Note the network that this task works for."""
    _CURRENT.set(network)


def enter_from(origin: Origin) -> None:
    """Note where this task's work comes from; it is the first thing that a task does about an interaction."""
    _CURRENT.set(origin)


@contextmanager
def working_for(what: Origin | str) -> Iterator[None]:
    """Work for a network, or for whoever something comes from, while the body runs; tasks that begin in it do, too."""
    token = _CURRENT.set(what)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def component_id(action: str, key: str) -> str:
    """Return the id of a button, a select or a form: what it does, with which key, and for which network."""
    network = _CURRENT.get()
    tag = f"@{network}" if isinstance(network, str) and network != MAIN else ""
    return f"haln{tag}:{action}:{key}"


def origin_of(arguments: Sequence[object]) -> Origin | None:
    """Return where an event or an interaction comes from; `None` where its arguments are about no place."""
    for one in arguments:
        if isinstance(one, discord.Guild):
            return Origin(one.id, None)
        if isinstance(one, discord.Interaction):
            data: Any = one.data or {}
            found = _ID.match(str(data.get("custom_id", "")))
            return Origin(one.guild_id, one.user.id, (found["network"] or MAIN) if found else None)
        if hasattr(one, "guild") or hasattr(one, "guild_id"):
            guild = getattr(one, "guild", None)
            sender = getattr(getattr(one, "message", one), "author", None)
            return Origin(guild.id if guild else getattr(one, "guild_id", None), getattr(sender, "id", None))
    return None


class _Looping(Protocol):
    @property
    def _worker(self) -> Worker: ...


_L = TypeVar("_L", bound=_Looping)


def for_each_network(work: Callable[[_L], Awaitable[None]]) -> Callable[[_L], Coroutine[Any, Any, None]]:
    """Do what a loop does for one network for each of them; where one is being worked for already, for that one."""

    @functools.wraps(work)
    async def for_each(self: _L) -> None:
        await _for_each(self, work, self._worker.networks)

    return for_each


def for_each_network_with_messages(work: Callable[[_L], Awaitable[None]]) -> Callable[[_L], Coroutine[Any, Any, None]]:
    """Do the same for those networks alone in which a message is due, some side by side: one may have thousands."""

    @functools.wraps(work)
    async def for_each(self: _L) -> None:
        await _for_each(self, work, self._worker.networks_with_messages, at_once=_SENDING_AT_ONCE)

    return for_each


async def _for_each(
    loop: _L,
    work: Callable[[_L], Awaitable[None]],
    which: Callable[[], Awaitable[Sequence[str]]],
    *,
    at_once: int = 1,
) -> None:
    if _CURRENT.get() is not None:
        await work(loop)
        return
    networks: Sequence[str] = []
    with going_on("which networks there are could not be read"):
        networks = await which()
    turns = asyncio.Semaphore(at_once)

    async def do(network: str) -> None:
        async with turns:
            with working_for(network):
                await work(loop)

    await asyncio.gather(*map(do, networks))


def hosts_among(client: discord.Client, registered: Iterable[int], shards: Shards) -> list[int]:
    """Return those of the registered servers that the assistant is on, or that another process is told of."""
    here = {guild.id for guild in client.guilds}
    return [one for one in registered if one in here or not shards.serve(one)]


async def is_on(client: discord.Client, server_id: int, user_id: int) -> bool:
    """Return that somebody is on a server.

    Raises:
        discord.NotFound: They are not.
        discord.HTTPException: Discord could not say so.
    """
    guild = client.get_guild(server_id)
    if guild is not None:
        await guild.fetch_member(user_id)
        return True
    try:  # another process is told of this server
        await client.http.get_member(server_id, user_id)
    except discord.Forbidden:  # it is registered, and the assistant is not on it
        return False
    return True


class Locator:
    """Looks up which network something is for."""

    def __init__(self, client: discord.Client, worker: Worker) -> None:
        self._client = client
        self._worker = worker
        self._present: OrderedDict[int, tuple[datetime, list[str]]] = OrderedDict()
        self._latest: OrderedDict[int, str] = OrderedDict()
        self._told: OrderedDict[int, str] = OrderedDict()

    async def network_of(self, origin: Origin) -> str:
        """Return the network of a server, or of whoever writes in a direct message.

        Raises:
            UnknownNetworkError: The server belongs to none; or the person to none, or to several, and which they mean
                is not known: then a card asks them.
        """
        directory = await self._worker.directory()
        if origin.server_id is not None:
            network = directory.servers.get(origin.server_id) or await self._if_first(origin.server_id)
            if network is None:
                raise UnknownNetworkError(texts.NO_NETWORK.format(id=origin.server_id))
            if origin.person is not None:
                _remember(self._latest, origin.person, network)
            return network
        if origin.named in directory.networks:
            return str(origin.named)
        if origin.person is None:
            raise UnknownNetworkError(texts.NOT_A_MEMBER)
        return await self._of_person(origin.person)

    def choose(self, person: int, network: str) -> None:
        """Note that somebody means a network in direct messages from now on; it is forgotten when the bot stops."""
        _remember(self._latest, person, network)
        _remember(self._told, person, network)

    async def _of_person(self, person: int) -> str:
        networks = await self._networks_of(person)
        if not networks:
            raise UnknownNetworkError(texts.NOT_A_MEMBER)
        if len(networks) == 1:
            return networks[0]
        directory, latest = await self._worker.directory(), self._latest.get(person)
        titles = {name: directory.networks[name].title for name in networks}
        if latest is None or latest not in titles:
            await self._tell(person, texts.YOUR_NETWORKS, titles)
            raise UnknownNetworkError(texts.WHICH_NETWORK)
        if self._told.get(person) != latest:
            _remember(self._told, person, latest)
            await self._tell(person, texts.NETWORK_MEANT.format(title=titles[latest]), titles)
        return latest

    async def _tell(self, person: int, text: str, titles: dict[str, str]) -> None:
        """Send somebody a card on which they choose one of their networks."""
        from bot.discord.runtime.network_choice import choice_view

        try:
            user = self._client.get_user(person) or await self._client.fetch_user(person)
            await user.send(view=choice_view(text, titles))
        except (discord.HTTPException, aiohttp.ClientError) as error:
            _log.info("somebody could not be told which network is meant (%s)", error)

    async def _networks_of(self, person: int) -> list[str]:
        """Return the networks of the servers that somebody is on; of who is on none, those that hold something of them.

        So who has left can still see and delete what is theirs.
        """
        now = self._worker.now()
        seen = self._present.get(person)
        if seen is not None and now - seen[0] < _REMEMBERED:
            return seen[1]
        directory = await self._worker.directory()
        servers = dict(directory.servers)
        with working_for(MAIN):
            servers |= await self._worker.db(lambda b: dict.fromkeys(b.servers.register.ids(), MAIN))
        hosts = hosts_among(self._client, servers, self._worker.settings.shards)
        found = await asyncio.gather(*(is_on(self._client, one, person) for one in hosts), return_exceptions=True)
        failed = [one for one in found if isinstance(one, BaseException) and not isinstance(one, discord.NotFound)]
        there = {servers[host] for host, one in zip(hosts, found, strict=True) if one is True}
        networks = [name for name in directory.networks if name in there]
        if failed and not networks:
            raise failed[0]
        if networks:
            self._present[person] = (now, networks)
            _shorten(self._present)
            return networks
        return [name for name in directory.networks if await self._holds(name, person)]

    async def _holds(self, network: str, person: int) -> bool:
        with working_for(network):
            return await self._worker.db(lambda backend: backend.privacy.holds(str(person)))

    async def _if_first(self, server_id: int) -> str | None:
        with working_for(MAIN):
            return MAIN if await self._worker.db(lambda b: b.servers.register.has(server_id)) else None


def _remember(where: OrderedDict[int, str], person: int, network: str) -> None:
    where[person] = network
    where.move_to_end(person)
    _shorten(where)


def _shorten(where: OrderedDict[int, Any]) -> None:
    while len(where) > _MOST_REMEMBERED:
        where.popitem(last=False)
