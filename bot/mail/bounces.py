"""Handling of mail that came back: an address that is gone is switched off, a full mailbox counted."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from indexer.parsing.bounces import Bounce
from knowledge.digest.digests import MemberDigests

# RFC 3463: the address is wrong (5.1.x, but for what is about the sender), its mailbox switched off, or moved.
_GONE = re.compile(r"5\.(?:1\.(?![78]$)\d+|2\.1)$")
_FAILED = "failed"


class Handled(NamedTuple):
    """The outcome of reading messages: addresses switched off, failures counted, and messages that say nothing."""

    off: int = 0
    counted: int = 0
    ignored: int = 0


def handle(digests: MemberDigests, messages: int, bounces: Iterable[Bounce]) -> Handled:
    """Note what came back. Only a report on a mail that we sent to that very address counts: reports are easily forged.

    What is only late ("delayed") is no failure, and what a recipient's server has against the sender is not theirs.
    """
    off = counted = known = 0
    for bounce in bounces:
        ours = [address for address in bounce.addresses if digests.is_marked(address, _mark(bounce.message_id))]
        known += bool(ours)
        if not ours or bounce.action != _FAILED or not bounce.status.startswith(("4.", "5.")):
            continue
        if bounce.status.startswith("5.7."):
            continue
        state = digests.address_failed(ours[0], gone=_GONE.match(bounce.status) is not None)
        if state.off_since is not None:
            off += 1
        else:
            counted += 1
    return Handled(off, counted, max(0, messages - known))


def _mark(message_id: str) -> str:
    return message_id.partition("@")[0]
