"""The test that a question asks the same as another one, before a curated answer is given to it.

Likeness alone cannot tell: "the minimum weighting in tenders" and "the maximum weighting in tenders" come to 0.99. So a
pair that is alike enough is held against its words. Where most words are the same and each question has one that the
other lacks, that word is the difference; so are a figure, a name, a nation, and what kind of answer is asked for. A
wrong curated answer is worse than none: in doubt it is another question.
"""

from knowledge.answering.answer_kind import asks_for_date, asks_for_figure
from knowledge.answering.parts import question_parts
from knowledge.language.library_words import LibraryWords
from knowledge.language.names import find_names
from knowledge.language.words import content_stems, words

# From here on two questions are the same sentence with a word exchanged, not one thing said in two ways.
_SAME_SENTENCE = 0.5
_NEGATIONS = frozenset(
    {"not", "no", "never", "without", "cannot", "can't", "don't", "won't", "isn't", "aren't", "nobody"}
)


def asks_the_same(one: str, other: str, library_words: LibraryWords | None = None) -> bool:
    """Return whether nothing in the words of two questions that are alike says that they ask for different things."""
    if _figures(one) != _figures(other) or _names(one, library_words) != _names(other, library_words):
        return False
    if _asked(one) != _asked(other) or len(question_parts(one)) != len(question_parts(other)):
        return False
    if bool(_NEGATIONS.intersection(words(one))) != bool(_NEGATIONS.intersection(words(other))):
        return False
    mine, theirs = content_stems(one), content_stems(other)
    if mine <= theirs or theirs <= mine:
        return True
    return len(mine & theirs) / len(mine | theirs) < _SAME_SENTENCE


def _figures(text: str) -> frozenset[str]:
    return frozenset(word for word in words(text) if any(c.isdigit() for c in word))


def _names(text: str, library_words: LibraryWords | None) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(name.keys) for name in find_names(text, library_words))


def _asked(text: str) -> tuple[bool, bool, bool]:
    return asks_for_figure(text), asks_for_date(text), "who" in words(text)[:2]
