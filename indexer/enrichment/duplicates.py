"""Near-duplicates: the same report as PDF and as web page. A sketch of each text, compared two by two.

A sketch is the smallest hashes of the text's runs of four words (a bottom-k sketch): the share of the smallest hashes
of both together that both have estimates how much of their text two documents share (Jaccard), to about 0.04.
"""

import hashlib
from collections.abc import Iterable, Mapping

from knowledge.domain.library import Metadata, StoredDocument
from knowledge.domain.vocabulary import Kind
from knowledge.language.words import words

SKETCH_SIZE = 128
# Two exports of one report share more than this; two years' reports of one organisation share less.
SAME_SHARE = 0.7
_RUN = 4
# Shorter texts are not compared: two notes of a sentence may be alike and each of use.
_FEWEST_RUNS = 40
# A run of words in more documents than this is a form's, not a text's.
MOST_DOCUMENTS = 50
# Sketches that share fewer hashes are of documents that share less than `SAME_SHARE`, however short.
LEAST_SHARED = int(_FEWEST_RUNS * SAME_SHARE / 2)


def sketch(texts: Iterable[str]) -> frozenset[int]:
    """Return the sketch of a text; empty for one that is too short to be compared."""
    tokens = [word for text in texts for word in words(text)]
    runs = {" ".join(tokens[i : i + _RUN]) for i in range(len(tokens) - _RUN + 1)}
    if len(runs) < _FEWEST_RUNS:
        return frozenset()
    # 63 bits: SQLite's integers have a sign.
    hashes = [int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest()) >> 1 for run in runs]
    return frozenset(sorted(hashes)[:SKETCH_SIZE])


def shared(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the share of their text that two documents have in common, 0 to 1, as their sketches tell."""
    if not one or not other:
        return 0.0
    smallest = sorted(one | other)[:SKETCH_SIZE]
    return sum(value in one and value in other for value in smallest) / len(smallest)


def shown_instead(pairs: Iterable[tuple[str, str]], documents: Mapping[str, StoredDocument]) -> dict[str, str]:
    """Return, of documents that are nearly the same, the one that is shown in place of each other one."""
    groups: dict[str, set[str]] = {}
    for one, other in pairs:
        group = groups.get(one, {one}) | groups.get(other, {other})
        groups |= dict.fromkeys(group, group)
    instead: dict[str, str] = {}
    for group in groups.values():
        best = min(group, key=lambda document_id: _rank(documents[document_id]))
        instead |= {document_id: best for document_id in group if document_id != best}
    return instead


def may_be_duplicates(one: StoredDocument, other: StoredDocument) -> bool:
    """Return whether two documents of nearly the same text are one: events and versions of two years are not.

    Nor are shared examples: a moderator saw what they nearly repeat, and decided to publish them.
    """
    kinds = {one.metadata.kind, other.metadata.kind}
    dates = {document.metadata.published for document in (one, other)} - {None}
    return not kinds & {Kind.EVENT, Kind.EXAMPLE} and len({str(date)[:4] for date in dates}) < 2


def _rank(document: StoredDocument) -> tuple[bool, int, str]:
    """Return the order of two documents: an address to go to comes first, then what is known of it."""
    return document.metadata.url is None, -_filled(document.metadata), document.id


def _filled(metadata: Metadata) -> int:
    return len(metadata.model_dump(exclude_defaults=True))
