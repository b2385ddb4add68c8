"""The sandbox: any kind of file, read in a process of its own. Gives what parsers return, or one line on why not."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Self

from indexer.parsing.blocks import LeftOut
from indexer.parsing.bounces import Bounce
from indexer.parsing.feed import FeedEntry
from indexer.parsing.files import ParsedFile
from indexer.parsing.scans import SCAN, can_recognise
from indexer.sandbox.limits import Limits
from indexer.sandbox.worker_process import LimitError, WorkerProcess
from knowledge.domain.library import Document, Section, TextCoverage
from knowledge.errors import SourceError
from knowledge.privacy.personal_data import Found

Cells = dict[str, str]
# A page takes text recognition about ten seconds, and half a gigabyte to a whole one.
_SCAN_LIMITS = Limits(seconds=900.0, waiting_seconds=1800.0, memory_bytes=3 * 2**30)


class Sandbox:
    """Reads files in one process, which serves many and is replaced when a file exceeds the limits or ends it.

    Every method raises SourceError where a file cannot be read or costs too much, and nothing worse. Threads may share
    one; their files queue. The process starts with the first file, and `close` ends it.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._process = WorkerProcess(limits or Limits())
        self._scans = WorkerProcess(_SCAN_LIMITS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Return the number of the process that reads; `None` while there is none."""
        return self._process.pid

    def close(self) -> None:
        """End the process. The next file starts another one."""
        self._process.close()
        self._scans.close()

    def file(self, name: str, content: bytes, known_title: str | None = None) -> ParsedFile:
        """Return what a document says, as `parse_file` does; of a scan, what text recognition reads, if installed."""
        arguments = {"name": name, "known_title": known_title}
        try:
            found = self._asked("file", content, arguments)
        except SourceError as error:
            if not str(error).startswith(SCAN) or not can_recognise():
                raise
            found = self._recognised(content, arguments)
        sections = (
            Section(heading_path=tuple(headings), text=text, locator=locator)
            for headings, text, locator in found["sections"]
        )
        return ParsedFile(
            found["title"],
            found["front_matter"],
            tuple(sections),
            tuple(LeftOut(*part) for part in found["left_out"]),
            TextCoverage.model_validate(found["coverage"]) if found["coverage"] else None,
            tuple(found["problems"]),
        )

    def form(self, name: str, content: bytes) -> dict[str, object]:
        """Return the fields of a filled-in form, as `read_form_bytes` does; long texts are cut."""
        try:
            return dict(self._asked("form", content, {"name": name}))
        except LimitError as error:
            raise SourceError(f"{name}: {error}.") from None

    def rows(self, name: str, content: bytes, columns: Collection[str], sheet: str | None) -> list[tuple[int, Cells]]:
        """Return the rows of a spreadsheet, as `read_rows_bytes` does: each one's number, and its cells by column."""
        arguments = {"name": name, "columns": json.dumps(list(columns)), "sheet": sheet}
        try:
            return [(int(number), dict(cells)) for number, cells in self._asked("rows", content, arguments)]
        except LimitError as error:
            raise SourceError(f"{name}: {error}.") from None

    def calendar(self, content: bytes, address: str, now: datetime) -> tuple[tuple[Document, ...], list[str]]:
        """Return the events of a calendar as `calendar_documents` does, and a line where words of it are left out."""
        found = self._asked("calendar", content, {"address": address, "now": now.isoformat()})
        return tuple(Document.model_validate(values) for values in found["documents"]), list(found["warnings"])

    def feed(self, content: bytes, address: str) -> tuple[FeedEntry, ...]:
        """Return the entries of a feed, as `parse_feed` does."""
        return tuple(FeedEntry(*values) for values in self._asked("feed", content, {"address": address}))

    def sitemap(self, content: bytes) -> tuple[bool, list[str]]:
        """Return whether a sitemap lists sitemaps, and what it lists, as `parse_sitemap` does."""
        is_index, places = self._asked("sitemap", content, {})
        return bool(is_index), list(places)

    def links(self, content: bytes) -> tuple[str, list[str]]:
        """Return the base of a page's links and the links, as `page_links` does."""
        base, found = self._asked("links", content, {})
        return str(base), list(found)

    def bounces(self, content: bytes) -> tuple[int, list[Bounce]]:
        """Return how many messages these are and what came back by them, as `read_bounces` does."""
        messages, found = self._asked("bounces", content, {})
        return int(messages), [Bounce(tuple(addresses), *rest) for addresses, *rest in found]

    def personal_data(self, text: str, name_model: str) -> list[Found]:
        """Return the places in a text that may identify a person, as `PresidioCheck` does with that name model."""
        content = text.encode("utf-8", "replace")
        return [Found(*found) for found in self._asked("personal_data", content, {"name_model": name_model})]

    def _recognised(self, content: bytes, arguments: Mapping[str, str | None]) -> Any:  # noqa: ANN401  # JSON
        try:
            return self._scans.ask("scan", content, arguments)
        finally:
            self._scans.close()  # its models take as much memory as the rest together

    def _asked(self, task: str, content: bytes, arguments: Mapping[str, str | None]) -> Any:  # noqa: ANN401  # JSON
        return self._process.ask(task, content, arguments)
