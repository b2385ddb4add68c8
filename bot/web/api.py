"""The interface for programs under /api: ask, search, documents; and its description as OpenAPI."""

import json
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web import texts
from bot.web.documents import CHOICES, chosen, listing, page_number
from bot.web.door import Endpoint
from bot.web.errors import PageError, not_found
from bot.web.site import bound, site_of
from knowledge.domain.library import Filters, SearchResponse, Section, StoredDocument
from knowledge.guidance.related import Reply, beside_answer, reply_of
from knowledge.retrieval.query import LONGEST_QUERY

_A_PAGE = 100
_MOST_RESULTS = 100


class Asked(BaseModel):
    """A question. `conversation` is any text that is one conversation's: a follow-up is then understood."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(max_length=LONGEST_QUERY)
    conversation: str | None = Field(default=None, max_length=200)


class Documents(BaseModel):
    """A page of documents, by title; `count` is how many there are altogether."""

    count: int
    page: int
    documents: list[StoredDocument]


class DocumentWithText(BaseModel):
    """A document with its sections."""

    document: StoredDocument
    sections: list[Section]


class Problem(BaseModel):
    """A failure, in one line that says what to do."""

    error: str


async def ask(request: Request) -> Response:
    """Answer a question."""
    try:
        asked = Asked.model_validate_json(await request.body())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the body"
        raise PageError(400, texts.NOT_POSSIBLE, f"{where} is not usable: {first['msg']}.") from None
    conversation = f"api:{asked.conversation}" if asked.conversation else None
    site, now = site_of(request), site_of(request).now()
    answer = await site.model(lambda backend: backend.assistant.ask(asked.question, conversation))
    better = await site.model(lambda backend: backend.assistant.written(answer))
    related = await site.model(lambda backend: beside_answer(backend.library, backend.peers, now, answer))
    return _json(reply_of(better or answer, related))


async def search(request: Request) -> Response:
    """Return the best passages for a query."""
    number = request.query_params.get("k", "10")
    if not number.isdecimal() or not 0 < int(number[:4]) <= _MOST_RESULTS:
        raise PageError(400, texts.NOT_POSSIBLE, f"k is a number from 1 to {_MOST_RESULTS}.")
    filters = Filters.model_validate(_filters(request))
    query = request.query_params.get("q", "")
    return _json(await site_of(request).model(lambda backend: backend.assistant.search(query, int(number), filters)))


async def documents(request: Request) -> Response:
    """Return the documents that fit the filters, a hundred a page."""
    filters, number = _filters(request), page_number(request)
    found = await site_of(request).db(bound(listing, filters, _A_PAGE, number))
    on_it = found.documents if found.page == number else []
    return _json(Documents(count=found.total, page=number, documents=on_it))


async def document(request: Request) -> Response:
    """Return one document with its text."""
    document_id = request.path_params["document_id"]
    store = site_of(request).backend.library.store
    found = await site_of(request).db(lambda _: store.document(document_id))
    if found is None:
        raise not_found()
    sections = await site_of(request).db(lambda _: store.sections(document_id))
    return _json(DocumentWithText(document=found, sections=list(sections)))


async def description(request: Request) -> Response:
    """Return the description of this interface."""
    address = site_of(request).address(request)
    return JSONResponse(openapi(address))


def openapi(address: str) -> dict[str, object]:
    """Return the interface's description, OpenAPI 3.1."""
    models = (Asked, Reply, SearchResponse, Documents, DocumentWithText, Problem)
    _, schemas = models_json_schema(
        [(one, "validation") for one in models], ref_template="#/components/schemas/{model}"
    )
    filters = [_parameter(name, {"type": "string", "enum": list(terms)}) for name, terms in CHOICES.items()]
    question = _parameter("q", {"type": "string"}, required=True)
    return {
        "openapi": "3.1.0",
        "info": {"title": texts.NAME, "version": "1", "description": texts.API_ABOUT},
        "servers": [{"url": address}],
        "security": [{"token": []}],
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas["$defs"],
        },
        "paths": {
            "/api/ask": {"post": _operation("ask", ask, Reply, body=Asked)},
            "/api/search": {
                "get": _operation(
                    "search",
                    search,
                    SearchResponse,
                    [question, _parameter("k", {"type": "integer", "minimum": 1, "maximum": _MOST_RESULTS}), *filters],
                )
            },
            "/api/documents": {
                "get": _operation(
                    "documents", documents, Documents, [_parameter("page", {"type": "integer"}), *filters]
                )
            },
            "/api/documents/{document_id}": {
                "get": _operation(
                    "document",
                    document,
                    DocumentWithText,
                    [_parameter("document_id", {"type": "string"}, required=True, where="path")],
                )
            },
        },
    }


def _filters(request: Request) -> Mapping[str, object]:
    """Return the filters of an address.

    Raises:
        PageError: One is no word of the vocabulary: a program is told so, where a page leaves it out.
    """
    found = chosen(request)
    for name, terms in CHOICES.items():
        if request.query_params.get(name) and name not in found:
            raise PageError(400, texts.NOT_POSSIBLE, f"{name} takes only these words: {', '.join(terms)}.")
    return found


def _parameter(
    name: str, schema: dict[str, object], *, required: bool = False, where: str = "query"
) -> dict[str, object]:
    return {"name": name, "in": where, "required": required, "schema": schema}


def _operation(
    name: str,
    handler: Endpoint,
    result: type[BaseModel],
    parameters: list[dict[str, object]] | None = None,
    body: type[BaseModel] | None = None,
) -> dict[str, object]:
    problem = {"description": "What went wrong", "content": _content(Problem)}
    made: dict[str, object] = {
        "operationId": name,
        "summary": (handler.__doc__ or "").strip(),
        "parameters": parameters or [],
        "responses": {"200": {"description": result.__doc__, "content": _content(result)}, "default": problem},
    }
    return made | ({"requestBody": {"required": True, "content": _content(body)}} if body else {})


def _content(model: type[BaseModel]) -> dict[str, object]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}


def _json(value: BaseModel) -> Response:
    return Response(json.dumps(value.model_dump(mode="json"), ensure_ascii=False), media_type="application/json")


ROUTES = (
    Route("/api/openapi.json", description),
    Route("/api/ask", ask, methods=["POST"]),
    Route("/api/search", search),
    Route("/api/documents", documents),
    Route("/api/documents/{document_id}", document),
)
