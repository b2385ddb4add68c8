"""Pages of documents: one with its text and the passage that was cited, and all of them with filters."""

from collections.abc import Mapping
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.backend import Backend
from bot.web import texts
from bot.web.document_text import Part, part_of
from bot.web.errors import not_found
from bot.web.rate_limits import Limited
from bot.web.security import address_of
from bot.web.site import bound, site_of
from knowledge.answering.in_document import place_of
from knowledge.domain.library import Filters, SearchResult, StoredDocument
from knowledge.domain.vocabulary import EvidenceKind, Kind, Level, Measured, Nation, Outcome, Pillar, Stage, Term
from knowledge.errors import HalnError
from knowledge.storage.listing_protocols import Listing

A_PAGE = 20
_MOST_SIMILAR = 5
_NEAR_CHUNKS = 60
CHOICES: dict[str, type[Term]] = {
    "pillar": Pillar,
    "nation": Nation,
    "outcome": Outcome,
    "kind": Kind,
    "evidence": EvidenceKind,
    "stage": Stage,
    "level": Level,
    "measured": Measured,
}


class Opened(NamedTuple):
    """A document as its page shows it. `lost`: the passage that was asked for is not in it (any more)."""

    document: StoredDocument
    part: Part
    lost: bool
    newer: StoredDocument | None


def chosen(request: Request) -> dict[str, Term]:
    """Return the filters that an address names; what is no word of the vocabulary is left out."""
    found: dict[str, Term] = {}
    for name, terms in CHOICES.items():
        value = request.query_params.get(name, "")
        if value in tuple(terms):
            found[name] = terms(value)
    return found


def page_number(request: Request, name: str = "page") -> int:
    """Return which page an address asks for, from 1."""
    value = request.query_params.get(name, "")
    return int(value) if value.isdecimal() and 0 < len(value) < 6 and int(value) else 1


async def browse(request: Request) -> Response:
    """List the documents that fit the filters, by title."""
    filters, number = chosen(request), page_number(request)
    found = await site_of(request).db(bound(listing, filters, A_PAGE, number))
    return await site_of(request).page(
        request,
        "browse.html",
        title=texts.BROWSE_TITLE,
        documents=found.documents,
        count=found.total,
        number=found.page,
        pages=max(1, -(-found.total // A_PAGE)),
        filters=filters,
        choices=await site_of(request).db(_choices),
        parameters={name: str(term) for name, term in filters.items()},
    )


async def search(request: Request) -> Response:
    """Show the best passages for a few words. Nothing of it is kept."""
    site, query = site_of(request), request.query_params.get("q", "").strip()
    results: tuple[SearchResult, ...] = ()
    problem: str | None = None
    if query:
        site.limits.count(Limited.ADDRESS_QUESTION, address_of(request))
        try:
            wanted = Filters.model_validate(chosen(request))
            results = (await site.model(lambda backend: backend.unlogged.search(query, 15, wanted))).results
        except HalnError as error:
            problem = str(error)
    elif "q" in request.query_params:
        problem = texts.SEARCH_EMPTY
    return await site.page(
        request,
        "search.html",
        400 if problem else 200,
        title=f"{query} - {texts.SEARCH_TITLE}" if query else texts.SEARCH_TITLE,
        query=query,
        results=results,
        errors={"q": problem} if problem else {},
    )


async def document(request: Request) -> Response:
    """Show a document with its text, where an address says so at a passage."""
    site, document_id = site_of(request), request.path_params["document_id"]
    part = page_number(request, "part") if "part" in request.query_params else None
    answer, n = request.query_params.get("answer", ""), request.query_params.get("n", "")
    chunk = request.query_params.get("chunk", "")
    opened = await site.db(bound(_opened, document_id, part, chunk, answer, n))
    if opened is None:
        raise not_found()
    similar = await site.model(bound(_similar, document_id))
    return await site.page(
        request,
        "document.html",
        title=opened.document.metadata.title,
        document=opened.document,
        metadata=opened.document.metadata,
        part=opened.part,
        lost=opened.lost,
        newer=opened.newer,
        similar=similar,
        back=f"/answers/{answer}" if answer and not opened.lost else None,
    )


def _opened(backend: Backend, document_id: str, part: int | None, chunk_id: str, answer: str, n: str) -> Opened | None:
    store = backend.library.store
    found = store.document(document_id)
    if found is None:
        return None
    quote: str | None = None
    if answer:
        stored = backend.assistant.stored_answer(answer)
        citations = stored.answer.citations if stored else ()
        cited = next((c for c in citations if str(c.n) == n and c.document_id == document_id), None)
        chunk_id, quote = (cited.chunk_id, cited.quote) if cited else ("", None)
    sections = store.sections(document_id)
    place = place_of(quote, document_id, chunk_id, sections, store) if chunk_id else None
    newer = store.document(found.metadata.superseded_by) if found.metadata.superseded_by else None
    lost = bool(answer or chunk_id) and place is None
    return Opened(found, part_of(sections, place, part), lost, newer)


def _similar(backend: Backend, document_id: str) -> list[StoredDocument]:
    """Return the documents nearest to one, by what its chunks are about; none where they cannot be compared."""
    store = backend.library.store
    vectors = store.document_vectors(document_id)
    if not len(vectors):
        return []
    try:
        near = backend.library.index.search(vectors.mean(axis=0), _NEAR_CHUNKS)
    except HalnError:
        return []
    chunks = store.chunks([chunk_id for chunk_id, _ in near])
    ids = dict.fromkeys(chunks[chunk_id].document_id for chunk_id, _ in near if chunk_id in chunks)
    others = [one for one in ids if one != document_id][:_MOST_SIMILAR]
    return [found for one in others if (found := store.document(one)) is not None]


def listing(backend: Backend, filters: Mapping[str, object], limit: int, page: int) -> Listing:
    """Return a page of the documents that fit filters, by title."""
    return backend.library.store.listing(Filters.model_validate(filters), limit=limit, page=page)


def _choices(backend: Backend) -> dict[str, list[Term]]:
    """Return for each filter the words that some document has, in the vocabulary's order."""
    used = backend.library.store.terms_used()
    return {name: [term for term in terms if term in used[name]] for name, terms in CHOICES.items()}


ROUTES = (
    Route("/browse", browse),
    Route("/search", search),
    Route("/documents/{document_id}", document),
)
