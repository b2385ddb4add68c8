"""A document's contents for people and programs: what is stored, and what of its file was left out and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.commands.options import moment

if TYPE_CHECKING:
    from knowledge.domain.library import Document, Metadata, Section, TextCoverage
    from knowledge.storage.source_protocols import Withdrawal


def contents(document_id: str, document: Document) -> dict[str, object]:
    """Return the contents of a document as JSON has them; the counts are `None` where nobody counted."""
    return {
        "id": document_id,
        "location": document.location,
        "title": document.metadata.title,
        "metadata": document.metadata.model_dump(mode="json"),
        "sections": [section.model_dump(mode="json") for section in document.sections],
        **_words(document_id, document),
    }


def lines(document_id: str, document: Document) -> Iterator[str]:
    """Yield the contents of a document, line by line."""
    yield f"{document_id}  {document.metadata.title}"
    yield f"    {document.location}"
    yield from (f"    {name}: {value}" for name, value in _stated(document.metadata))
    yield ""
    for section in document.sections:
        yield from _section(section)
    if document.coverage is None:
        yield "Its words were not counted."
    else:
        yield from _coverage(document_id, document, document.coverage)


def left_away(withdrawals: Sequence[Withdrawal]) -> Iterator[str]:
    """Yield a line for each file or page that is left away because a person said so, with how it comes back."""
    for gone in withdrawals:
        when = f" on {moment(gone.removed_at)}" if gone.removed_at else ""
        why = f"replaced by a new edition of {gone.replaced_by}" if gone.replaced_by else "removed by hand"
        yield f"{gone.location}: left out: {why}{when}; `haln index add --again {gone.location}` brings it back"


def _words(document_id: str, document: Document) -> dict[str, object]:
    from indexer.report import DocumentWords

    if document.coverage is None:
        return dict.fromkeys(("words_read", "words_kept", "left_out", "unexplained", "left_out_text", "missing"))
    words = DocumentWords.of(document_id, document.location, document.coverage)
    return {
        **words.model_dump(mode="json", exclude={"id", "location"}),
        "left_out_text": {part.reason: part.text for part in document.coverage.left_out},
        "missing": document.coverage.missing,
    }


def _stated(metadata: Metadata) -> Iterator[tuple[str, str]]:
    for name, value in metadata.model_dump(mode="json", exclude={"title", "measured"}).items():
        if value:
            yield name.replace("_", " "), ", ".join(value) if isinstance(value, list) else str(value)
    for measure in metadata.measured:
        yield "measured", measure.words


def _section(section: Section) -> Iterator[str]:
    heading = " › ".join(section.heading_path)
    if heading or section.locator:
        yield f"[{' · '.join(filter(None, (heading, section.locator)))}]"
    yield section.text
    yield ""


def _coverage(document_id: str, document: Document, coverage: TextCoverage) -> Iterator[str]:
    from indexer.report import DocumentWords

    words = DocumentWords.of(document_id, document.location, coverage)
    yield f"{words.line()}."
    for part in coverage.left_out:
        yield f"Left out, {part.reason}:"
        yield from (f"    {line}" for line in part.text.splitlines())
    if coverage.missing:
        yield "Missing, and nothing explains it:"
        yield from (f"    {line}" for line in coverage.missing.splitlines())
