"""A dry run: what a source would bring into the library, as it would be stored, with what is left out and why."""

from collections.abc import Sequence
from enum import StrEnum

from indexer.chunking import content_hash
from indexer.registry import SourceRegistry
from indexer.report import FailedSource
from indexer.storer import Storer
from knowledge.domain.library import Document, Noun
from knowledge.errors import HalnError
from knowledge.storage.source_protocols import Withdrawal


class PreviewedChange(StrEnum):
    """A change that storing a document would make."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class PreviewedDocument(Noun):
    """A document as it would be stored; `id` is the one that it has, or that is suggested for it."""

    id: str
    change: PreviewedChange
    document: Document


class Preview(Noun):
    """The findings of `haln index add --dry-run`. What is no longer there is not looked for."""

    documents: tuple[PreviewedDocument, ...]
    failed: tuple[FailedSource, ...]
    warnings: tuple[str, ...]
    left_away: tuple[Withdrawal, ...]


def preview(registry: SourceRegistry, storer: Storer, sources: Sequence[str], depth: int) -> Preview:
    """Read sources without storing anything. `registry` is one for a dry run."""
    documents: dict[str, PreviewedDocument] = {}
    failed: list[FailedSource] = []
    warnings: list[str] = []
    left_away: list[Withdrawal] = []
    for named in dict.fromkeys(sources):
        try:
            reading = registry.open(named, depth)
        except HalnError as error:
            failed.append(FailedSource(source=named, error=str(error)))
            continue
        # What is named itself comes back.
        withdrawn = {place: gone for place, gone in storer.withdrawn().items() if place != reading.source.address}
        for item in registry.items(reading, withdrawn):
            if item.document is not None and item.location not in documents:
                documents[item.location] = _previewed(storer, item.document)
        if reading.error is not None:
            failed.append(FailedSource(source=reading.source.address, error=str(reading.error)))
        failed += [FailedSource(source=failure.location, error=failure.error) for failure in reading.failed]
        warnings += reading.reader.warnings
        left_away += reading.left_away
    return Preview(
        documents=tuple(documents.values()),
        failed=tuple(dict.fromkeys(failed)),
        warnings=tuple(dict.fromkeys(warnings)),
        left_away=tuple(dict.fromkeys(left_away)),
    )


def _previewed(storer: Storer, document: Document) -> PreviewedDocument:
    document = storer.with_decisions(document)
    stored = storer.stored(document)
    if stored is None:
        return PreviewedDocument(id=document.suggested_id, change=PreviewedChange.ADDED, document=document)
    same = stored.content_hash == content_hash(document)
    return PreviewedDocument(
        id=stored.id, change=PreviewedChange.UNCHANGED if same else PreviewedChange.UPDATED, document=document
    )
