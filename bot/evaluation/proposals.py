"""Accuracy of proposed metadata on documents whose metadata are known: the starter library."""

import tempfile
from pathlib import Path
from typing import Any

from indexer.enrichment.proposals import Proposer
from indexer.library.documents import starter_documents
from indexer.pipeline import Indexer
from knowledge.domain.library import Metadata
from knowledge.library import Library
from knowledge.retrieval.embedder import Embedder
from knowledge.settings import Settings, Switch

FIELDS = ("kind", "nation", "pillars", "evidence", "published")


def evaluate_proposals(settings: Settings, embedder: Embedder) -> dict[str, object]:
    """Hide the metadata of each item of the starter library in turn, and compare what is proposed with it.

    All that is known of the other items may be used, nothing of the item itself. Of each field: `known` items that
    have it, `proposed` share of these with a proposal, `right` share of the proposals that are the very value; of
    pillars, of which an item may have several, `none_wrong` share of the proposals of which it has every value,
    `right_each` share of the single values proposed that it has, `found_each` share of its values that were proposed;
    and `proposed_where_unknown`, proposals for items whose source does not say.
    """
    documents = list(starter_documents())
    figures: dict[str, Any] = {"documents": len(documents)}
    with tempfile.TemporaryDirectory() as folder:
        chosen = settings.model_copy(
            update={"data_dir": Path(folder), "database_url": None, "starter_library": Switch.OFF}
        )
        library = Library.open(chosen, lambda _: embedder)
        try:
            Indexer(library).store_documents(documents, len(documents))
            outcomes = _outcomes(library)
        finally:
            library.close()
    for field in FIELDS:
        known = [(value, proposed) for value, proposed in outcomes[field] if value]
        made = [(value, proposed) for value, proposed in known if proposed]
        unknown = [proposed for value, proposed in outcomes[field] if not value]
        figures[field] = {
            "known": len(known),
            "proposed": _share(len(made), len(known)),
            "right": _share(sum(value == proposed for value, proposed in made), len(made)),
            "proposed_where_unknown": sum(map(bool, unknown)),
        }
        if field == "pillars":
            both = sum(len(value & proposed) for value, proposed in known)
            figures[field] |= {
                "none_wrong": _share(sum(proposed <= value for value, proposed in made), len(made)),
                "right_each": _share(both, sum(len(proposed) for _, proposed in known)),
                "found_each": _share(both, sum(len(value) for value, _ in known)),
            }
    return figures


def _outcomes(library: Library) -> dict[str, list[tuple[frozenset[str], frozenset[str]]]]:
    """Return, of each field and item, the parts of its value, known and proposed."""
    stored = list(library.store.each_document())
    outcomes: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = {field: [] for field in FIELDS}
    for document in stored:
        proposer = Proposer(library, [other for other in stored if other.id != document.id])
        bare = document.model_copy(update={"metadata": Metadata(title=document.metadata.title)})
        proposed = proposer.propose(bare, library.store.sections(document.id))
        for field in FIELDS:
            outcomes[field].append(
                (_parts(getattr(document.metadata, field)), _parts(proposed.get(field, (None, ""))[0]))
            )
    return outcomes


def _parts(value: object) -> frozenset[str]:
    if value is None:
        return frozenset()
    if isinstance(value, (list, tuple)):
        return frozenset(str(part) for part in value)
    return frozenset(part.strip() for part in str(value).split(";"))


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0
