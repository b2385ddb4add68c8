"""How a source is described next to a quote, the same on every face."""

from knowledge.types import Citation, SearchResult


def source_title(source: Citation | SearchResult) -> str:
    """Title and section: "Anchors in a storm › Lesson 6: Maintain momentum for change"."""
    return f"{source.title} › {source.section}" if source.section else source.title


def source_details(source: Citation | SearchResult) -> str:
    """Who says it, what it rests on and when: "The Health Foundation · report · 2021"."""
    kind = source.evidence.label if source.evidence else source.kind.label
    return " · ".join(filter(None, [source.organisation, kind, source.published or "date not known"]))
