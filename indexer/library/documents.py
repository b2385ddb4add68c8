"""The items of the starter library as documents."""

from collections.abc import Iterator

from indexer.library import LOCATION_PREFIX, item_files
from indexer.parsing import parse_file
from indexer.sources.metadata import metadata_from
from knowledge.domain.library import Document


def starter_documents() -> Iterator[Document]:
    """Yield every item as a document. Its id is its file's name."""
    for item in item_files():
        parsed = parse_file(item.name, item.read_bytes())
        name = item.name.removesuffix(".md")
        yield Document(
            location=LOCATION_PREFIX + name,
            suggested_id=name,
            metadata=metadata_from(parsed.title, parsed.front_matter, _link(parsed.front_matter)),
            sections=parsed.sections,
            coverage=parsed.coverage,
        )


def _link(front_matter: object) -> dict[str, object]:
    """Return the metadata by which an item links to its source."""
    return {"url": front_matter.get("source_url")} if isinstance(front_matter, dict) else {}
