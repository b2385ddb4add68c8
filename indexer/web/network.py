"""Connections that lead where they may and end when their time is up.

A server's name is looked up once, here, and the connection goes to the very address that was checked: a name that
leads to this machine's own network, now or by a trick of its owner later, is refused.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable
from typing import Any

import httpcore2

from knowledge.errors import SourceError

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# All that has ever been given out of IPv6. Beyond it are site-local addresses and old ways to write an IPv4 one.
_GIVEN_OUT = ipaddress.ip_network("2000::/3")
# gzip or zlib, told by how it begins.
_EITHER = 47
_GZIP = b"\x1f\x8b"


class Deadline:
    """The end of the request that is under way, in seconds of the monotonic clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = 0.0

    def start(self, seconds: float) -> None:
        """Let the next request take this long altogether."""
        self._end = self._clock() + seconds

    def left(self, most: float | None = None) -> float:
        """Return the seconds left, at most `most`.

        Raises:
            httpcore2.ReadTimeout: No time is left.
        """
        left = self._end - self._clock()
        if left <= 0:
            raise httpcore2.ReadTimeout("the time for this request is up")
        return left if most is None else min(most, left)


class GuardedBackend(httpcore2.NetworkBackend):
    """Opens connections for httpcore: to public addresses, and to private ones of hosts that `private` names.

    `private` is the setting `web_private`: "off", "on", or hosts (perhaps with a port) with commas between.
    """

    def __init__(self, deadline: Deadline, private: str) -> None:
        self._deadline = deadline
        self._everything = private == "on"
        self._allowed = frozenset(host.strip().lower() for host in private.split(","))
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to a host whose address may be connected to.

        Raises:
            SourceError: It may not.
        """
        addresses = _look_up(host, port)
        if not (self._everything or {host, f"{host}:{port}"} & self._allowed):
            require_public(host, addresses)
        error: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                stream = self._plain.connect_tcp(
                    address, port, self._deadline.left(timeout), local_address, socket_options
                )
                return _TimedStream(stream, self._deadline)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as failure:
                error = failure
        raise error


def _look_up(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError(f"the name {host} is not known") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def require_public(host: str, addresses: Iterable[str]) -> None:
    """Accept a host all of whose addresses are on the public internet.

    Raises:
        SourceError: One is of this machine or its network.
    """
    for address in addresses:
        if not _is_public(ipaddress.ip_address(address.partition("%")[0])):
            leads = "" if host == address else f" leads to {address}, which"
            raise SourceError(
                f"{host}{leads} is on this machine or its own network; such addresses are refused. If you trust it, "
                f"allow it with HALN_WEB_PRIVATE={host}"
            )


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(address.ipv4_mapped)
        if address in _NAT64:
            return _is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.sixtofour is not None:
            return _is_public(address.sixtofour)
        if address not in _GIVEN_OUT:
            return False
    return address.is_global and not address.is_multicast


class _TimedStream(httpcore2.NetworkStream):
    """A stream whose every step has what is left of the whole request's time, however slowly bytes come."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  # httpcore's own signature
        return self._stream.get_extra_info(info)


class Decompressor:
    """Decompress one body. A gzip body may be of several members, one after the other."""

    def __init__(self) -> None:
        self._unpack = zlib.decompressobj(_EITHER)
        self._has_begun = False

    def take(self, part: bytes, most: int) -> bytes:
        """Return what the next part unpacks to, at most `most` bytes of it.

        Raises:
            zlib.error: It is damaged.
        """
        self._has_begun = self._has_begun or bool(part)
        content = bytearray()
        while part and len(content) < most:
            if self._unpack.eof:
                if not part.startswith(_GZIP):
                    break  # what some servers fill the end with
                self._unpack = zlib.decompressobj(_EITHER)
            content += self._unpack.decompress(part, most - len(content))
            part = self._unpack.unused_data
        return bytes(content)

    @property
    def is_whole(self) -> bool:
        """Return whether what began has come to its end; an empty body has."""
        return self._unpack.eof or not self._has_begun
