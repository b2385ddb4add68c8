"""Citations: only what was retrieved, only what is verbatim in the stored chunk."""

from knowledge.domain.library import Chunk, Citation


def cited_as(n: int, chunk: Chunk, quote: str) -> Citation:
    """Return a part of a chunk as citation number `n`.

    Raises:
        ValueError: The quote is not a verbatim part of the chunk. That is a fault in this program.
    """
    metadata = chunk.metadata
    if quote not in chunk.text:
        raise ValueError(f"a quote is not part of chunk {chunk.id}")
    return Citation(
        n=n,
        document_id=chunk.document_id,
        chunk_id=str(chunk.id),
        title=metadata.title,
        section=chunk.section,
        organisation=metadata.organisation,
        source_title=metadata.source_title,
        url=metadata.url,
        kind=metadata.kind,
        evidence=metadata.evidence,
        published=metadata.published,
        quote=quote,
        locator=chunk.locator,
        true_as_of=metadata.true_as_of,
        review_by=metadata.review_by,
        superseded_by=metadata.superseded_by,
    )
