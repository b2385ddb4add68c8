"""Evidence by hand: chunks as a reader might have read them."""

from knowledge.answering.evidence import Evidence, ReadChunk, ReadSentence
from knowledge.calibration.gate import FittedWeight, GateCalibration, SentenceCalibration
from knowledge.domain.library import Chunk, Metadata
from knowledge.language.names import find_names
from knowledge.language.sentences import split_units
from knowledge.language.words import content_stems
from knowledge.retrieval.ranking import Hit

UNLIKELY = -5.0


def chunk(text, number=1, document="a", headings=(), **metadata):
    """A chunk of a document whose title is its id in capitals."""
    described = Metadata(**{"title": document.upper(), **metadata})
    return Chunk(
        id=number, document_id=document, ordinal=0, heading_path=tuple(headings), text=text, metadata=described
    )


def read(of, *scores, answerable=0.0, search=5.0, cosine=0.5, spans=()):
    """A chunk or text as it was read; sentences beyond the scores that are given are unlikely to answer."""
    of = chunk(of) if isinstance(of, str) else of
    units = split_units(of.text)
    scores = [*scores, *[UNLIKELY] * len(units)]
    spans = [*spans, *[None] * len(units)]
    sentences = tuple(ReadSentence(unit, scores[place], spans[place]) for place, unit in enumerate(units))
    return ReadChunk(of, Hit(of.id, search, cosine, 0.0), answerable, sentences)


def evidence(question, *chunks, found=()):
    """What was read for a question, every informative word of which tells as much."""
    return Evidence(
        question=question,
        sought=question,
        chunks=chunks,
        found=tuple(found),
        information=dict.fromkeys(content_stems(question), 1.0),
        names=find_names(question),
    )


# What the reader scores from 0 on answers, from 4.6 on for certain; from -2 on it comes near. From 1 on a sentence is
# shown beside the best.
READER_GATE = GateCalibration(
    fitted_on="nothing: made for tests",
    intercept=0.0,
    weights={"reader_sentence": FittedWeight(weight=1.0, mean=0.0, deviation=1.0)},
    answer=0.5,
    closest=0.12,
    certain=0.99,
    sure=0.95,
)
READER_SENTENCES = SentenceCalibration(
    fitted_on="nothing: made for tests", intercept=-1.0, weights={"score": 1.0}, show=0.5
)
