"""Timed transcripts as plain text: copied or saved from YouTube, Teams, Zoom and the programs beside them."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from indexer.parsing.blocks import Block, BlockKind, LeftOut, Parsed
from indexer.parsing.speech import Cue, Speakers, is_name, speech_blocks

_TIME = r"\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,3})?"
_STAMP = rf"[\[(<]?(?P<time>{_TIME})[\])>]?(?:\s*(?:-->|[–—-])\s*[\[(]?{_TIME}[\])]?)?"
# "00:12:40.000 We hired", "[12:40] We hired", and "12:40" alone above its words.
_TIMED = re.compile(rf"^{_STAMP}(?:\s*[-–—:|]\s+|\s+|$)(?P<text>.*)$")
# "Sam Sample   0:12", "[Sam Sample] 00:00:12", "Sam Sample (00:12): We hired".
_NAMED = re.compile(
    rf"^\[?(?P<name>[^\W\d_][^\d:\[\]<>]{{0,60}}?)\]?\s*[,:|–-]?\s*{_STAMP}(?:\s*:\s*|\s+|$)(?P<text>.*)$"
)
# How players say a time to those who cannot see it, copied with it: "12 minutes, 40 seconds".
_SPOKEN_TIME = re.compile(
    r"^(?:\d+ hours?(?:, | ))?(?:\d+ minutes?(?:, | ))?\d+ (?:seconds?|minutes?|hours?)(?=\D|$),?\s*"
)
_PROGRAM = re.compile(
    r"^(?:#\s*)?(?:tactiq\.io\b.*|no title found|https?://\S+|transcribed by\b.*|search in video|transcript|"
    r"english(?: \(.*\))?|show transcript|.* (?:started|stopped) transcription|\d+m \d+s|\d+h \d+m(?: \d+s)?)$",
    re.IGNORECASE,
)
_FEWEST_TIMES = 3
_FEWEST_TURNS = 2
_SHARE_OF_LINES = 0.2
_SHARE_RISING = 0.9
# A recording begins near 0:00, a programme of a day on the full hour or at a quarter past.
_BEGINS_BY = 180
_SHARE_ROUND = 0.6
_SHARE_NAMED = 0.8
_LONGEST_TITLE = 120


class _Said(NamedTuple):
    seconds: int
    speaker: str | None
    lines: list[str]


def transcript(text: str, known_title: str | None = None) -> Parsed | None:
    """Return a text that is a timed transcript in sections named by their time, or `None` where it is none."""
    lines = [" ".join(line.replace("\u00a0", " ").split()) for line in text.splitlines()]
    lines = [line for line in lines if line]
    stamps = _stamps(lines)
    if not _is_timed(lines, stamps):
        return None
    said, left_out = _said(lines, stamps)
    preamble = [line for line in lines[: min(stamps)] if not _PROGRAM.match(line)]
    notes = [line for line in lines[: min(stamps)] if _PROGRAM.match(line)]
    title = None
    if preamble and len(preamble[0]) <= _LONGEST_TITLE and not preamble[0].endswith((".", ":", ",")):
        title = preamble.pop(0).lstrip("# ")
    blocks = [Block(BlockKind.PARAGRAPH, line) for line in preamble]
    blocks += speech_blocks(_cues(said))
    left_out += [LeftOut("notes of the program that made it", line) for line in notes]
    return Parsed(known_title or title, {}, blocks, tuple(left_out))


def _stamps(lines: Sequence[str]) -> dict[int, re.Match[str]]:
    """Return the lines, by number, that begin with a time, or with a name and a time."""
    found = {}
    for number, line in enumerate(lines):
        match = _TIMED.match(line)
        if match is None and (named := _NAMED.match(line)) and is_name(named["name"].strip()):
            match = named
        if match is not None and _seconds(match["time"]) is not None:
            found[number] = match
    return found


def _is_timed(lines: Sequence[str], stamps: dict[int, re.Match[str]]) -> bool:
    """Return whether these times are of a recording: there are enough, they rise, and they are no times of day."""
    times = [_seconds(match["time"]) or 0 for match in stamps.values()]
    named = sum("name" in match.groupdict() for match in stamps.values())
    if len(times) < (_FEWEST_TURNS if named == len(times) and named else _FEWEST_TIMES):
        return False
    # Of turns, the words below may be many lines.
    if named < len(times) / 2 and len(times) < _SHARE_OF_LINES * len(lines):
        return False
    if sum(one <= other for one, other in pairwise(times)) < _SHARE_RISING * (len(times) - 1):
        return False
    full = any(match["time"].count(":") == 2 for match in stamps.values())
    rounded = sum(time % 5 == 0 for time in times) / len(times)
    return full or times[0] < _BEGINS_BY or rounded <= _SHARE_ROUND


def _said(lines: Sequence[str], stamps: dict[int, re.Match[str]]) -> tuple[list[_Said], list[LeftOut]]:
    """Return what is said at each time, from its line to the next one."""
    said: list[_Said] = []
    left_out: list[LeftOut] = []
    for number, line in enumerate(lines):
        if match := stamps.get(number):
            name = match.groupdict().get("name")
            said.append(_Said(_seconds(match["time"]) or 0, name.strip() if name else None, []))
            left_out.append(LeftOut("times", match["time"]))
            line = match["text"].strip()
        elif said and not said[-1].lines and (spoken := _SPOKEN_TIME.match(line)):
            left_out.append(LeftOut("times", spoken.group().strip()))
            line = line[spoken.end() :]
        if said and line:
            said[-1].lines.append(line)
    return said, left_out


def _cues(said: Sequence[_Said]) -> Iterator[Cue]:
    # Teams puts the name on the first line below a time.
    first = [turn.lines[0] for turn in said if turn.speaker is None and len(turn.lines) > 1]
    named = [line for line in first if is_name(line)]
    names = set(named) if len(named) >= _SHARE_NAMED * len(said) else set[str]()
    speakers = Speakers([turn.lines for turn in said])
    speaker = None
    for number, turn in enumerate(said):
        lines = turn.lines
        speaker = turn.speaker or speaker
        if turn.speaker is None and len(lines) > 1 and lines[0] in names:
            speaker, lines = lines[0], lines[1:]
        until = said[number + 1].seconds if number + 1 < len(said) else turn.seconds
        for said_by, words in speakers.turns(lines):
            speaker = said_by or speaker
            if words:
                yield Cue(turn.seconds, until, speaker, words)


def _seconds(time: str) -> int | None:
    """Return the seconds of a time, or `None` for what is none: 7:85."""
    *whole, last = re.split(r"[.,]", time)[0].split(":")
    if int(last) > 59 or (len(whole) == 2 and int(whole[1]) > 59):
        return None
    seconds = 0
    for part in (*whole, last):
        seconds = seconds * 60 + int(part)
    return seconds
