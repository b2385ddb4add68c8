"""Ideas for what to measure: what others measured in work like a project, by pillar, each with where it says so."""

import re
from collections.abc import Iterable, Mapping, Sequence

from knowledge.answering.citations import cited_as
from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.domain.library import Chunk, Citation, Filters, Measure, Metadata, Noun
from knowledge.domain.vocabulary import Measured, Pillar
from knowledge.language.sentences import split_units
from knowledge.library import Library

NOBODY_MEASURED = "Nobody in the library measured this."
NOBODY_ON_PILLAR = "Nobody in the library measured this for {pillar}."
TOO_LITTLE = "Describe the project in a sentence, or choose a pillar."
_READ = 200
_MOST_IDEAS = 4
_LONGEST_PROJECT = 1000
_MEASURED_HEADING = re.compile(r"\bmeasur", re.IGNORECASE)
# The words of an indicator that say which of its document's pillars it is about.
_WORDS = {
    Pillar.EMPLOYMENT: r"staff|recruit|jobs?\b|appren|employ|retention|workforce|wages?\b|sickness|trained|students?\b"
    r"|work\b|vacanc|turnover|career|levy",
    Pillar.PROCUREMENT: r"spend|suppl|contract|procure|buy|firms?\b|business|purchas|tender|invoice",
    Pillar.ESTATES: r"building|land\b|space|housing|homes?\b|estate|rooms?\b|sites?\b|return on investment",
    Pillar.ENVIRONMENT: r"carbon|green|energy|waste|emission|climate|travel|air\b|food",
    Pillar.PARTNERSHIP: r"partner|attend|network|engage|life|health|depress|communit|self-assess|gap\b|survey",
}


class IndicatorIdea(Noun):
    """A thing that somebody measured. `citation` is the number of where the library says so."""

    measure: Measure
    citation: int
    document_id: str
    title: str
    organisation: str | None


class PillarIdeas(Noun):
    """The ideas for one pillar, those from the work that is most like the project first."""

    pillar: Pillar
    ideas: tuple[IndicatorIdea, ...]


class IndicatorIdeas(Noun):
    """Ideas for a project by pillar. `reason` says where there are none, for the pillar asked for or at all."""

    project: str
    pillars: tuple[PillarIdeas, ...] = ()
    citations: tuple[Citation, ...] = ()
    reason: str | None = None


def indicator_ideas(library: Library, project: str, pillar: Pillar | None = None) -> IndicatorIdeas:
    """Return what was measured in work that is near to a project; without a description, in all work on a pillar.

    Nothing is thought up: each idea is in a document's own words, and none is given where no document is near.

    Raises:
        QuestionError: The project is described with nothing that can be searched for.
    """
    project = " ".join(project.split())[:_LONGEST_PROJECT]
    if not project and pillar is None:
        return IndicatorIdeas(project=project, reason=TOO_LITTLE)
    documents = _like(library, project, pillar) if project else _on(library, pillar)
    citations: list[Citation] = []
    by_pillar: dict[Pillar, list[IndicatorIdea]] = {one: [] for one in Pillar}
    for metadata, chunk, quote in documents:
        number = None
        for measure in sorted(metadata.measured, key=lambda one: one.baseline is None):
            about = about_pillar(measure, metadata)
            if about is None or (pillar is not None and about is not pillar) or len(by_pillar[about]) >= _MOST_IDEAS:
                continue
            if number is None:
                number = len(citations) + 1
                citations.append(cited_as(number, chunk, quote))
            by_pillar[about].append(
                IndicatorIdea(
                    measure=measure,
                    citation=number,
                    document_id=chunk.document_id,
                    title=metadata.title,
                    organisation=metadata.organisation,
                )
            )
    pillars = tuple(PillarIdeas(pillar=one, ideas=tuple(ideas)) for one, ideas in by_pillar.items() if ideas)
    nobody = NOBODY_ON_PILLAR.format(pillar=pillar.label) if pillar else NOBODY_MEASURED
    return IndicatorIdeas(
        project=project, pillars=pillars, citations=tuple(citations), reason=None if pillars else nobody
    )


def about_pillar(measure: Measure, metadata: Metadata) -> Pillar | None:
    """Return which pillar of its document an indicator is about, by its words; `None` where nothing tells."""
    said = [one for one in metadata.pillars if re.search(rf"\b(?:{_WORDS[one]})", measure.indicator, re.IGNORECASE)]
    # What is about everybody's health is said of partnership where no nearer pillar is said.
    nearest = [one for one in said if one is not Pillar.PARTNERSHIP] or said
    if not nearest and len(metadata.pillars) == 1:
        return metadata.pillars[0]
    return nearest[0] if nearest else None


_Found = tuple[Metadata, Chunk, str]


def _like(library: Library, project: str, pillar: Pillar | None) -> list[_Found]:
    """Return documents that say what was measured in work near to a project, the nearest first, with what is cited.

    Where none is surely near, the nearest one counts that is near at all.
    """
    query = library.searcher.read(project)
    filters = Filters(measured=Measured.INDICATOR, pillar=pillar)
    hits = library.searcher.found(query, library.searcher.embed(query), _READ, filters)
    thresholds = SimilarityThresholds.packaged()
    alike = [(library.similarity.comparable(hit.cosine), chunk) for hit, chunk in hits]
    near: dict[str, Chunk | None] = {}
    for likeness, chunk in alike:
        if likeness >= thresholds.discussions.near.value:
            near.setdefault(chunk.document_id, chunk)
    likeness, nearest = max(alike, key=lambda one: one[0], default=(0.0, None))
    if not near and nearest is not None and likeness >= thresholds.indicators.nearest.value:
        near[nearest.document_id] = nearest
    return _cited(library, near)


def _on(library: Library, pillar: Pillar | None) -> list[_Found]:
    """Return all documents on a pillar that say what was measured, those on few pillars first."""
    filters = Filters(pillar=pillar, measured=Measured.INDICATOR)
    found = library.store.listed(filters) if pillar is not None else []
    found.sort(key=lambda document: (len(document.metadata.pillars), document.id))
    return _cited(library, {document.id: None for document in found})


def _cited(library: Library, documents: Mapping[str, Chunk | None]) -> list[_Found]:
    """Return documents with the passage that says how each was measured, else the one that is near."""
    found = []
    for document_id, near in documents.items():
        document = library.store.document(document_id)
        chunks = library.store.document_chunks(document_id)
        if document is not None and chunks:
            chunk = _telling(chunks) or near or chunks[0]
            found.append((document.metadata, chunk, _first(chunk)))
    return found


def _telling(chunks: Sequence[Chunk]) -> Chunk | None:
    """Return the passage in which a document says how it was measured."""
    return next((chunk for chunk in chunks if _is_headed(chunk.heading_path)), None)


def _is_headed(path: Iterable[str]) -> bool:
    return any(_MEASURED_HEADING.search(heading) for heading in path)


def _first(chunk: Chunk) -> str:
    """Return the first sentence of a passage, verbatim."""
    units = split_units(chunk.text)
    return units[0].text if units else chunk.text
