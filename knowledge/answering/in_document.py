"""A cited passage in its document: what stands before and after the words that were quoted."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from knowledge.domain.library import Answer, Citation, Section
from knowledge.language.sentences import split_units
from knowledge.storage.library_protocols import LibraryStore

MOST_CHARACTERS = 1500
_LIST_MARK = "- "


class PassagePart(NamedTuple):
    """A slice of a section's text with its line breaks, the quoted words, or the `heading` path of a section."""

    text: str
    quoted: bool = False
    heading: bool = False


class DocumentPassage(NamedTuple):
    """A stretch of a document around a quote, in parts that follow one another.

    Two parts stand in one section where no heading is between them. `begins_inside` and `ends_inside` say that there is
    more of the first and the last section than is shown.
    """

    parts: tuple[PassagePart, ...]
    begins_inside: bool
    ends_inside: bool


class Place(NamedTuple):
    """A slice of a section, by the section's place in the document."""

    section: int
    start: int
    end: int


def lead_citation(answer: Answer) -> Citation | None:
    """Return the citation of the sentence that answers, else of the first; `None` where nothing is cited."""
    by_number = {citation.n: citation for citation in answer.citations}
    cited = sorted(answer.sentences, key=lambda sentence: not sentence.strong)
    found = (by_number[n] for sentence in cited for n in sentence.citations if n in by_number)
    return next(found, answer.citations[0] if answer.citations else None)


def passage_around(citation: Citation, store: LibraryStore, most: int = MOST_CHARACTERS) -> DocumentPassage | None:
    """Return the quote with whole sentences before and after it, about `most` characters in all.

    `None` where its document lacks the quote, or holds nothing else.
    """
    sections = store.sections(citation.document_id)
    quote = place_of(citation.quote, citation.document_id, citation.chunk_id, sections, store)
    if quote is None:
        return None
    first, last = _around(quote, sections, most)
    if first == last == quote:
        return None
    parts: list[PassagePart] = []
    path: tuple[str, ...] | None = sections[quote.section].heading_path if first.section == quote.section else None
    for number in range(first.section, last.section + 1):
        section = sections[number]
        if not section.text.strip():
            continue
        # The heading of the first section shown stands with the citation where it is the quote's own.
        if section.heading_path and section.heading_path != path:
            parts.append(PassagePart(" › ".join(section.heading_path), heading=True))
        path = section.heading_path
        start = first.start if number == first.section else 0
        end = last.end if number == last.section else len(section.text)
        parts += _parts(section.text, start, end, quote if number == quote.section else None)
    return DocumentPassage(
        tuple(parts),
        begins_inside=bool(sections[first.section].text[: first.start].strip(" \n-")),
        ends_inside=bool(sections[last.section].text[last.end :].strip()),
    )


def place_of(
    quote: str | None, document_id: str, chunk_id: str, sections: Sequence[Section], store: LibraryStore
) -> Place | None:
    """Return where a quote stands, or without one the whole chunk; `None` where the document does not hold it.

    That is where its chunk says, else the first place that has these words.
    """
    chunk = next((c for c in store.document_chunks(document_id) if str(c.id) == chunk_id), None)
    if quote is None:
        quote = chunk.text if chunk is not None else None
    if quote is None:
        return None
    if chunk is not None and quote in chunk.text:
        inside = chunk.text.index(quote)
        for number, section in enumerate(sections):
            if section.heading_path == chunk.heading_path and (at := section.text.find(chunk.text)) >= 0:
                return Place(number, at + inside, at + inside + len(quote))
    for number, section in enumerate(sections):
        if (at := section.text.find(quote)) >= 0:
            return Place(number, at, at + len(quote))
    return None


def _around(quote: Place, sections: Sequence[Section], most: int) -> tuple[Place, Place]:
    """Return the first and the last sentence to show: on either side about as much, as far as there is room."""
    sides = (_before(quote, sections, most), _after(quote, sections, most))
    ends, taken, going = [quote, quote], [0, 0], [True, True]
    room = most - (quote.end - quote.start)
    while any(going):
        side = min((0, 1), key=lambda one: (not going[one], taken[one]))
        found = next(sides[side], None)
        if found is None or sum(taken) + found.end - found.start > room:
            going[side] = False
            continue
        ends[side] = found
        taken[side] += found.end - found.start
    return ends[0], ends[1]


def _before(quote: Place, sections: Sequence[Section], most: int) -> Iterator[Place]:
    """Yield the sentences before the quote, the nearest first."""
    for number in range(quote.section, -1, -1):
        text = sections[number].text
        end = quote.start if number == quote.section else len(text)
        # Whole lines, and no more of a long section than may be shown.
        opening = text.rfind("\n", 0, max(0, end - most)) + 1
        for unit in reversed(split_units(text[opening:end])):
            yield Place(number, _with_mark(text, opening + unit.start), opening + unit.end)


def _after(quote: Place, sections: Sequence[Section], most: int) -> Iterator[Place]:
    """Yield the sentences after the quote, the nearest first."""
    for number in range(quote.section, len(sections)):
        text = sections[number].text
        start = quote.end if number == quote.section else 0
        closing = text.find("\n", start + most)
        for unit in split_units(text[start : closing if closing >= 0 else len(text)]):
            yield Place(number, start + unit.start, start + unit.end)


def _with_mark(text: str, start: int) -> int:
    """Return where the line begins that a list item is on, if it begins with this sentence."""
    line = text.rfind("\n", 0, start) + 1
    return line if text[line:start] == _LIST_MARK else start


def _parts(text: str, start: int, end: int, quote: Place | None) -> list[PassagePart]:
    if quote is None:
        return [PassagePart(text[start:end])]
    start = min(start, _with_mark(text, quote.start))
    found = [
        PassagePart(text[start : quote.start]),
        PassagePart(text[quote.start : quote.end], quoted=True),
        PassagePart(text[quote.end : max(end, quote.end)]),
    ]
    return [part for part in found if part.text]
