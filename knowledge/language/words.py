"""Words of a text as they are searched and compared: lower case, without accents, stop words dropped from queries."""

import re
import unicodedata
from collections.abc import Sequence

import Stemmer

from knowledge.language.stop_words import STOP_WORDS

_WORD = re.compile(r"\w+(?:['’]\w+)?", re.UNICODE)
# Longer queries are cut: FTS5 has a limit of its own, and nobody asks with more distinct words than this.
MOST_TERMS = 64


def words(text: str) -> list[str]:
    """Return the words of a text in order: lower case, accents removed as the full-text index removes them."""
    plain = text.replace("’", "'")
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return [match.group().lower() for match in _WORD.finditer(plain)]


def is_function_word(word: str) -> bool:
    """Return whether a word says nothing about a subject."""
    return word.lower() in STOP_WORDS


def query_terms(text: str) -> list[str]:
    """Return the distinct words worth searching for, in order; all words when there are only function words."""
    distinct = list(dict.fromkeys(words(text)))
    content = [word for word in distinct if word not in STOP_WORDS]
    return (content or distinct)[:MOST_TERMS]


def stems(text_words: Sequence[str]) -> list[str]:
    """Return the words without their endings, one for each, as compared between question and evidence."""
    # A stemmer of its own for each call: they are cheap to make and not safe to share between threads.
    stemmer = Stemmer.Stemmer("english")
    return [str(stem) for stem in stemmer.stemWords([word.replace("'s", "") for word in text_words])]


def content_stems(text: str) -> frozenset[str]:
    """Return the stems of the words of a text that have a meaning of their own."""
    return frozenset(stems([word for word in words(text) if not is_function_word(word)]))
