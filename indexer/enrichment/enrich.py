"""Studies the documents that changed: their sketches and proposals, then which are nearly the same."""

from indexer.enrichment.duplicates import (
    LEAST_SHARED,
    MOST_DOCUMENTS,
    SAME_SHARE,
    differ,
    marks_of,
    may_be_duplicates,
    shared,
    shown_instead,
    sketch,
)
from indexer.enrichment.proposals import Proposer
from indexer.library import LOCATION_PREFIX
from knowledge.domain.examples import LOCATION_PREFIX as EXAMPLE_PREFIX
from knowledge.domain.library import StoredDocument
from knowledge.library import Library
from knowledge.retrieval.embedder import wanted_identity
from knowledge.storage.source_protocols import Study, StudyStore

# Each batch is one transaction: enough to be quick, few enough to lose little when killed.
_BATCH = 256


def study(library: Library) -> None:
    """Find out about every document that changed since it was last studied. Goes on where a killed run stopped."""
    store = library.store
    studies = store.studies
    proposer: Proposer | None = None
    while changed := studies.unstudied(_BATCH):
        if proposer is None and any(_may_be_proposed(document) for document in changed) and _is_of_this_model(library):
            proposer = Proposer(library)
        studies.save_studies([_studied(library, proposer, document) for document in changed])
    link_duplicates(library)


def _may_be_proposed(document: StoredDocument) -> bool:
    """Return whether anything may be proposed of a document.

    What the starter library leaves open, its sources do not say. What the author of a shared example leaves open is
    theirs to say: an organisation guessed from the text of an anonymous one would undo its anonymity.
    """
    return not document.location.startswith((LOCATION_PREFIX, EXAMPLE_PREFIX))


def _is_of_this_model(library: Library) -> bool:
    """Return whether the library's vectors are those that the settings' model makes: others teach it nothing."""
    return library.store.identity() == wanted_identity(library.settings, library.chosen_embedder)


def _studied(library: Library, proposer: Proposer | None, document: StoredDocument) -> Study:
    sections = library.store.sections(document.id)
    proposed = proposer.propose(document, sections) if proposer is not None and _may_be_proposed(document) else {}
    return Study(
        document_id=document.id,
        content_hash=document.content_hash,
        sketch=sketch(section.text for section in sections),
        proposals=proposed,
    )


def link_duplicates(library: Library) -> None:
    """Show one of each group of documents that are nearly the same, and name the same people, places and figures."""
    store = library.store
    pairs = store.studies.overlaps(MOST_DOCUMENTS, LEAST_SHARED)
    if not pairs and not store.studies.duplicates():
        return
    found = (store.document(document_id) for document_id in {document_id for pair in pairs for document_id in pair})
    documents = {document.id: document for document in found if document is not None}
    alike = [pair for pair in pairs if _alike(*pair, documents, store.studies)]
    marks = {
        document_id: marks_of(_said(library, documents[document_id]))
        for document_id in {d for pair in alike for d in pair}
    }
    same = [(one, other) for one, other in alike if not differ(marks[one], marks[other])]
    store.studies.set_duplicates(shown_instead(same, documents))


def _said(library: Library, document: StoredDocument) -> list[str]:
    """Return the texts of a document, each section's below its headings."""
    sections = library.store.sections(document.id)
    return [" ".join([*section.heading_path, section.text]) for section in sections]


def _alike(one: str, other: str, documents: dict[str, StoredDocument], studies: StudyStore) -> bool:
    if one not in documents or other not in documents:
        return False  # removed by another process a moment ago
    likeness = shared(frozenset(studies.sketch(one)), frozenset(studies.sketch(other)))
    return likeness >= SAME_SHARE and may_be_duplicates(documents[one], documents[other])
