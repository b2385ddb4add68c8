"""How a source is described next to a quote, the same on every face."""

from collections.abc import Sequence
from typing import NamedTuple

from knowledge.types import Citation, SearchResult


class Source(NamedTuple):
    """A document that an answer cites, with the numbers of all its quotes."""

    numbers: tuple[int, ...]
    title: str
    details: str
    url: str | None


def sources(citations: Sequence[Citation]) -> list[Source]:
    """The cited documents in order, each once: with its sections, who says it, what it rests on, when, and its link."""
    by_document: dict[str, list[Citation]] = {}
    for citation in citations:
        by_document.setdefault(citation.document_id, []).append(citation)
    return [
        Source(
            numbers=tuple(citation.n for citation in cited),
            title=_with_section(cited[0].title, " / ".join(dict.fromkeys(c.section for c in cited if c.section))),
            details=source_details(cited[0]),
            url=cited[0].url,
        )
        for cited in by_document.values()
    ]


def source_title(result: SearchResult) -> str:
    """Title and section: "Anchors in a storm › Lesson 6: Maintain momentum for change"."""
    return _with_section(result.title, result.section)


def source_details(source: Citation | SearchResult) -> str:
    """Who says it, what it rests on and when: "The Health Foundation · report · 2021"."""
    said_by = source.organisation or (source.source_title if isinstance(source, Citation) else None)
    kind = source.evidence.label if source.evidence else source.kind.label
    return " · ".join(filter(None, [said_by, kind, source.published or "date not known"]))


def _with_section(title: str, section: str | None) -> str:
    return f"{title} › {section}" if section else title
