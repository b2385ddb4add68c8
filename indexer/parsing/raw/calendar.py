"""The words of a calendar (iCalendar): what its events are called, where they are and what is said of them."""

import re
from itertools import chain

from indexer.parsing.parsed import LeftOut
from indexer.parsing.raw.text import RawText
from indexer.parsing.text import decode

_SAID = frozenset({"SUMMARY", "DESCRIPTION", "LOCATION"})
_FOLDED = re.compile(r"\r?\n[ \t]")
_TAG = re.compile(r"<[^<>]{0,500}>")


def read(content: bytes) -> RawText:
    """Return the lines of all events; those of cancelled ones stand aside."""
    events: list[list[str]] = []
    cancelled: list[list[str]] = []
    inside: list[str] = []
    said: list[str] = []
    is_cancelled = withdraws = False
    for line in _FOLDED.sub("", decode(content)).splitlines():
        name, _, value = line.partition(":")
        name = name.partition(";")[0].strip().upper()
        if name == "METHOD":
            withdraws = value.strip().upper() == "CANCEL"
        elif name == "BEGIN":
            inside.append(value.strip().upper())
            if inside[-1] == "VEVENT":
                said, is_cancelled = [], withdraws
        elif name == "END" and inside:
            if inside.pop() == "VEVENT":
                events.append(said)
                cancelled += [said] if is_cancelled else []
        elif inside[-1:] == ["VEVENT"]:
            if name in _SAID:
                said += _plain(value).splitlines()
            elif name == "STATUS":
                is_cancelled = is_cancelled or value.strip().upper() == "CANCELLED"
    aside = [LeftOut("cancelled events", "\n".join(chain.from_iterable(cancelled)))] if cancelled else []
    return RawText(list(chain.from_iterable(events)), aside)


def _plain(value: str) -> str:
    text = re.sub(r"\\[nN]", "\n", value)
    return _TAG.sub(" ", re.sub(r"\\([,;\\])", r"\1", text))
