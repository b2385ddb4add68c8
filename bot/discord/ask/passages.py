"""The sentences of an answer as Discord shows them: paragraphs and lists, the sentence that answers in bold."""

from collections.abc import Sequence

from bot.discord.runtime.markdown import cut, safe
from knowledge.answering.layout import Placed, markdown, marked_span, placed
from knowledge.domain.library import Answer, Sentence

# No mark stands alone at the beginning of a line.
_TIED = "\u00a0"
_LONGEST_SENTENCE = 1000


def passages(answer: Answer, most: int) -> str:
    """Return as many of the answer's sentences as fit into so many characters of Markdown."""
    return _fitting(_pointed(answer), answer, most)


def point(answer: Answer, most: int) -> str:
    """Return the sentence that answers, with the list that it introduces or that it is an item of."""
    sentences = _pointed(answer)
    place = next((place for place, sentence in enumerate(sentences) if sentence.strong), 0)
    chosen = list(sentences[place : place + 1])
    if chosen and chosen[0].item:
        introduction = next((sentence for sentence in reversed(sentences[:place]) if not sentence.item), None)
        if introduction is not None and introduction.text.endswith(":"):
            chosen.insert(0, introduction)
    elif chosen and chosen[0].text.endswith(":"):
        for sentence in sentences[place + 1 :]:
            if not sentence.item:
                break
            chosen.append(sentence)
    return _fitting(chosen, answer, most)


def quoted(text: str) -> str:
    """Return Markdown as a block quotation."""
    return "\n".join(f"> {line}" for line in text.split("\n"))


def _pointed(answer: Answer) -> Sequence[Sentence]:
    """Return the sentences; the first is the point of a written answer, and of those that were kept from before."""
    sentences = answer.sentences
    listed = answer.closest or answer.shape == "list"
    if not sentences or listed or any(sentence.strong for sentence in sentences):
        return sentences
    return (sentences[0].model_copy(update={"strong": True}), *sentences[1:])


def _fitting(sentences: Sequence[Sentence], answer: Answer, most: int) -> str:
    for count in range(len(sentences), 0, -1):
        text = markdown(
            placed(sentences[:count], answer.citations),
            _shown,
            lambda numbers: _TIED + _TIED.join(f"`[{n}]`" for n in numbers),
            lambda title: f"**{safe(cut(title, 200))}**" if title.strip() else "",
            between_entries="\n",
        )
        if len(text) <= most:
            return text
    return cut(safe(sentences[0].text), most) if sentences else ""


def _shown(one: Placed) -> str:
    """Return the text of a sentence; the one that answers in bold, and in it the shortest answer underlined."""
    text = cut(one.sentence.text, _LONGEST_SENTENCE)
    # In a list of documents the titles are in bold.
    if not one.sentence.strong or one.listed or not text.strip():
        return safe(text)
    span = marked_span(one.sentence)
    if span is None or span[1] >= _LONGEST_SENTENCE:
        return f"**{safe(text)}**"
    before, answer, after = text[: span[0]], text[span[0] : span[1]], text[span[1] :]
    space = " " if before.strip() and before[-1].isspace() else ""
    more = " " if after.strip() and after[0].isspace() else ""
    return f"**{safe(before)}{space}__{safe(answer)}__{more}{safe(after)}**"
