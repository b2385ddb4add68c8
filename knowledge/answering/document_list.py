"""Answers in the shape of a list: several documents with the line of each that answers."""

from collections.abc import Sequence

from knowledge.answering.citations import Quote
from knowledge.answering.compose import says_the_same
from knowledge.answering.constraints import Constraints
from knowledge.answering.evidence import Evidence, ReadChunk
from knowledge.answering.signals import signals
from knowledge.calibration.gate import GateCalibration
from knowledge.language.names import find_names
from knowledge.language.words import content_stems

MOST_DOCUMENTS = 5
MOST_WORDS = 130
# One document is no list: it is answered with a passage.
FEWEST_DOCUMENTS = 2


def compose_list(evidence: Evidence, calibration: GateCalibration, constraints: Constraints) -> list[Quote]:
    """Return a line of each document that answers, the likeliest first; none where there are too few.

    Where the question says what the documents have to be, only those are listed, and one is enough; where it asks for
    nothing else, each of them answers.
    """
    quotes: list[Quote] = []
    words = 0
    for read in _answering(evidence, calibration, constraints):
        sentence = read.best
        needed = [s for s in read.sentences if sentence.unit.lead is not None and s.unit.text == sentence.unit.lead][
            -1:
        ]
        quote = Quote(read.chunk, (*needed, sentence), strong=sentence, title=read.chunk.metadata.title)
        if words + quote.words > MOST_WORDS or any(_repeats(quote, other) for other in quotes):
            continue
        quotes.append(quote)
        words += quote.words
        if len(quotes) == MOST_DOCUMENTS:
            break
    return quotes if len(quotes) >= (1 if constraints.restrict else FEWEST_DOCUMENTS) else []


def _repeats(quote: Quote, other: Quote) -> bool:
    """Return whether a line says what another says, and of the same: two trusts may do a thing in the same words."""
    lines = [line.strong.unit.text for line in (quote, other) if line.strong]
    names = [{name.keys for name in find_names(line)} for line in lines]
    return (
        quote.chunk.metadata.organisation == other.chunk.metadata.organisation
        and names[0] == names[-1]
        and says_the_same(lines[0], [content_stems(lines[-1])])
    )


def _answering(evidence: Evidence, calibration: GateCalibration, constraints: Constraints) -> Sequence[ReadChunk]:
    """Return the best chunk of each document that answers by itself, the likeliest first."""
    needed = calibration.answer if constraints.has_topic or not constraints.restrict else 0.0
    best: dict[str, tuple[float, ReadChunk]] = {}
    for read in evidence.chunks:
        if constraints.restrict and not constraints.fit(read.chunk.metadata):
            continue
        likely = calibration.probability(signals(evidence.with_lead(read)))
        if likely >= needed and likely > best.get(read.chunk.document_id, (0.0, read))[0]:
            best[read.chunk.document_id] = (likely, read)
    return [read for _, read in sorted(best.values(), key=lambda found: -found[0])]
