"""How the sentences of an answer stand in a text: paragraphs, items of lists, and where the marks of citations go."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from knowledge.types import Sentence


class Placed(NamedTuple):
    """A sentence with its place: `opens` a paragraph or goes on with one; `marks` are the numbers shown behind it."""

    sentence: Sentence
    opens: bool
    marks: tuple[int, ...]


def placed(sentences: Sequence[Sentence]) -> list[Placed]:
    """Return the sentences with their places: those of one citation are a paragraph, with its mark once, at the end."""
    found = []
    for place, sentence in enumerate(sentences):
        before = sentences[place - 1] if place else None
        after = sentences[place + 1] if place + 1 < len(sentences) else None
        opens = before is None or before.citations != sentence.citations or sentence.title is not None
        last = after is None or after.citations != sentence.citations or after.title is not None
        found.append(Placed(sentence, opens, sentence.citations if last else ()))
    return found


def paragraphs(
    sentences: Sequence[Sentence],
    show: Callable[[Sentence], str],
    mark: Callable[[Sequence[int]], str],
    title: Callable[[str], str],
) -> list[str]:
    """Return the paragraphs as Markdown; `show`, `mark` and `title` make the text of a sentence, its marks, a title."""
    lines: list[str] = []
    before: Placed | None = None
    for one in placed(sentences):
        text = show(one.sentence) + (mark(one.marks) if one.marks else "")
        if one.sentence.title is not None:
            lines.append(f"{title(one.sentence.title)}: {text}")
        elif one.sentence.item:
            lines[-1:] = [f"{lines[-1]}\n- {text}"] if lines and not one.opens else [*lines[-1:], f"- {text}"]
        elif one.opens or before is None:
            lines.append(text)
        else:
            lines[-1] += f"\n\n{text}" if before.sentence.item else f" {text}"
        before = one
    return lines
