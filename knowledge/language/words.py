"""Words of a text as they are searched and compared: lower case, without accents, stop words dropped from queries."""

import re
import unicodedata
from collections.abc import Sequence

import Stemmer

_WORD = re.compile(r"\w+(?:['’]\w+)?", re.UNICODE)
# Longer queries are cut: FTS5 has a limit of its own, and nobody asks with more distinct words than this.
MOST_TERMS = 64
_STOP_WORDS_TEXT = """
    a about above after again against all also am an and any are aren't as at be because been before being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each else
    ever few for from further get gets got had hadn't has hasn't have haven't having he her here hers herself him
    himself his how i i'd i'll i'm i've if in into is isn't it it's its itself just let's me more most my myself no
    nor not now of off on once only or other our ours ourselves out over own please same she should shouldn't so some
    such than that that's the their theirs them themselves then there there's these they they're this those through
    to too under until up us very was wasn't we we're were weren't what what's whats when where where's which while
    who who's whose whom why will with won't would wouldn't you you're your yours yourself yourselves s t d ll re ve m
"""
STOP_WORDS = frozenset(_STOP_WORDS_TEXT.split())
# Stop words that stand inside names: "Mid and South Essex", "Women in Work".
NAME_JOINERS = frozenset({"and", "of", "the", "for", "in", "on", "to", "with", "&"})


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
