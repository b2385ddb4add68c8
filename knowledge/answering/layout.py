"""The layout of an answer: its paragraphs, items of lists, and where the marks of citations go."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from knowledge.domain.library import Citation, Sentence

# What is nearly the whole sentence tells nothing when it is marked in it.
_LONGEST_SPAN = 0.6


class Opens(StrEnum):
    """The thing that a sentence begins: the text between it and the sentence before."""

    PARAGRAPH = "paragraph"
    ENTRY = "entry"
    LINE = "line"
    NOTHING = "nothing"


class Placed(NamedTuple):
    """A sentence with its place. `opens` is what it begins, `marks` are the numbers of citations shown behind it.

    `listed` says that it belongs to the entry of a document in a list of documents.
    """

    sentence: Sentence
    opens: Opens
    marks: tuple[int, ...]
    listed: bool


def placed(sentences: Sequence[Sentence], citations: Sequence[Citation] = ()) -> list[Placed]:
    """Return the sentences with their places; each run with the same citation has its mark once, at its end.

    Sentences of one passage are one paragraph. `citations` tell which stand in the same passage; without them those of
    one citation do.
    """
    by_number = {citation.n: citation for citation in citations}
    found: list[Placed] = []
    for place, sentence in enumerate(sentences):
        before = found[-1] if found else None
        after = sentences[place + 1] if place + 1 < len(sentences) else None
        goes_on = before is not None and _one_passage(before.sentence, sentence, by_number)
        listed = sentence.title is not None or (before is not None and before.listed and goes_on)
        last = after is None or after.citations != sentence.citations or after.title is not None
        opens = _opens(sentence, before, by_number, goes_on=goes_on)
        found.append(Placed(sentence, opens, sentence.citations if last else (), listed))
    return found


def marked_span(sentence: Sentence) -> tuple[int, int] | None:
    """Return where the shortest answer stands in the sentence, without spaces around it.

    `None` where there is no use in marking it: the sentence does not answer, or the answer is most of it.
    """
    if sentence.span is None or not sentence.strong:
        return None
    start, end = max(0, sentence.span[0]), min(len(sentence.text), sentence.span[1])
    start += len(sentence.text[start:end]) - len(sentence.text[start:end].lstrip())
    end = start + len(sentence.text[start:end].rstrip())
    return (start, end) if 0 < end - start < _LONGEST_SPAN * len(sentence.text) else None


def markdown(
    sentences: Sequence[Placed],
    show: Callable[[Placed], str],
    mark: Callable[[Sequence[int]], str],
    title: Callable[[str], str],
    between_entries: str = "\n\n",
) -> str:
    """Return the text as Markdown; `show`, `mark` and `title` make the text of a sentence, its marks, a title."""
    between = {Opens.PARAGRAPH: "\n\n", Opens.ENTRY: between_entries, Opens.LINE: "\n", Opens.NOTHING: " "}
    text = ""
    for one in sentences:
        text += between[one.opens] if text else ""
        if one.sentence.title is not None:
            text += f"{title(one.sentence.title)}: "
        elif begins_item(one):
            text += "- "
        text += show(one) + (mark(one.marks) if one.marks else "")
    return text


def begins_item(one: Placed) -> bool:
    """Return whether an item of a list begins with this sentence; the first line of a document's entry is none."""
    return one.sentence.item and one.sentence.title is None and one.opens is not Opens.NOTHING


def _opens(sentence: Sentence, before: Placed | None, by_number: dict[int, Citation], *, goes_on: bool) -> Opens:
    if before is None:
        return Opens.PARAGRAPH
    if sentence.title is not None:
        return Opens.ENTRY if before.listed else Opens.PARAGRAPH
    if not goes_on:
        return Opens.PARAGRAPH
    if sentence.item:
        return Opens.NOTHING if _one_line(before.sentence, sentence, by_number) else Opens.LINE
    return Opens.PARAGRAPH if before.sentence.item else Opens.NOTHING


def _one_passage(one: Sentence, other: Sentence, by_number: dict[int, Citation]) -> bool:
    """Return whether two sentences are quoted from one chunk, or cite the same where that is not known."""
    if one.citations == other.citations:
        return True
    chunks, others = ({by_number[n].chunk_id for n in s.citations if n in by_number} for s in (one, other))
    return bool(chunks & others)


def _one_line(one: Sentence, other: Sentence, by_number: dict[int, Citation]) -> bool:
    """Return whether the second sentence goes on with the first one's item rather than beginning one of its own."""
    together = f"{one.text} {other.text}"
    return one.item and any(n in by_number and together in by_number[n].quote for n in other.citations)
