"""Citations: only what was retrieved, only what is verbatim in the stored chunk, one for each run of sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.answering.evidence import ReadSentence
from knowledge.domain.library import Chunk, Citation, Sentence


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
        shared_by=metadata.shared_by,
    )


@dataclass(frozen=True)
class Quote:
    """Sentences of a chunk, in their order. `strong` is the one that answers; `title` names the document in a list."""

    chunk: Chunk
    sentences: tuple[ReadSentence, ...]
    strong: ReadSentence | None = None
    title: str | None = None

    @property
    def words(self) -> int:
        """Return how many words are shown."""
        return sum(len(sentence.unit.text.split()) for sentence in self.sentences)


def cited(quotes: Sequence[Quote]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Return the quotes as sentences with their citations, numbered from 1: one for each run without a gap."""
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    for quote in quotes:
        runs = _runs(quote)
        for run in runs:
            text = quote.chunk.text[run[0].unit.start : run[-1].unit.end]
            known = (c.n for c in citations if c.chunk_id == str(quote.chunk.id) and c.quote == text)
            if (n := next(known, None)) is None:
                n = len(citations) + 1
                citations.append(cited_as(n, quote.chunk, text))
            sentences += [_sentence(quote, sentence, n, first=sentence is runs[0][0]) for sentence in run]
    return tuple(sentences), tuple(citations)


def _sentence(quote: Quote, sentence: ReadSentence, n: int, *, first: bool) -> Sentence:
    unit, span = sentence.unit, sentence.span
    strong = sentence is quote.strong
    inside = (span[0] - unit.start, span[1] - unit.start) if strong and span is not None else None
    return Sentence(
        text=unit.text,
        citations=(n,),
        strong=strong,
        span=inside,
        item=unit.item,
        title=quote.title if first else None,
    )


def _runs(quote: Quote) -> list[list[ReadSentence]]:
    """Return the sentences in runs that follow one another in the chunk with nothing between."""
    ordered = sorted(quote.sentences, key=lambda sentence: sentence.unit.start)
    runs: list[list[ReadSentence]] = []
    for sentence in ordered:
        between = quote.chunk.text[runs[-1][-1].unit.end : sentence.unit.start] if runs else "x"
        if runs and not between.strip(" \n-"):
            runs[-1].append(sentence)
        else:
            runs.append([sentence])
    return runs
