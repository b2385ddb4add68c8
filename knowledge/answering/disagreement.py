"""Sources that give different figures or dates for what is asked: they stand side by side."""

from knowledge.answering.answer_kind import asks_for_date, asks_for_figure
from knowledge.answering.evidence import Evidence
from knowledge.answering.passages import ReadChunk
from knowledge.answering.quotes import Quote
from knowledge.answering.signals import signals
from knowledge.calibration.gate import GateCalibration
from knowledge.language.dates import dates_in
from knowledge.language.numbers import figures
from knowledge.language.words import content_stems

# Two sentences tell of the same when they share this much of the shorter one's words.
_SAME_MATTER = 0.4


def disagreeing(evidence: Evidence, calibration: GateCalibration) -> Quote | None:
    """Return the sentence of another document that answers with another figure or date than the lead does, if any."""
    lead, best = evidence.lead, evidence.sentence
    if lead is None or best is None:
        return None
    dates = asks_for_date(evidence.question)
    if not dates and not asks_for_figure(evidence.question):
        return None
    said = content_stems(best.unit.text)
    for read in evidence.chunks:
        if read.chunk.document_id == lead.chunk.document_id:
            continue
        other = read.best.unit.text
        shared = said & content_stems(other)
        same_matter = len(shared) >= _SAME_MATTER * min(len(said), len(content_stems(other)))
        differ = _dates_differ if dates else _figures_differ
        if same_matter and differ(best.unit.text, other) and _answers(evidence, read, calibration):
            return Quote(read.chunk, (read.best,), strong=read.best)
    return None


def _answers(evidence: Evidence, read: ReadChunk, calibration: GateCalibration) -> bool:
    return calibration.probability(signals(evidence.with_lead(read))) >= calibration.answer


def _figures_differ(one: str, other: str) -> bool:
    """Return whether both texts give figures of one sort, and none of that sort is in both."""
    mine, theirs = figures(one), figures(other)
    sorts = {figure.of for figure in mine} & {figure.of for figure in theirs}
    years = {figure.value for figure in mine | theirs if figure.of == "" and 1900 <= float(figure.value) <= 2100}
    return any(
        not {f.value for f in mine if f.of == sort and f.value not in years}
        & {f.value for f in theirs if f.of == sort and f.value not in years}
        and any(f.of == sort and f.value not in years for f in mine)
        and any(f.of == sort and f.value not in years for f in theirs)
        for sort in sorts
    )


def _dates_differ(one: str, other: str) -> bool:
    """Return whether both texts give dates, and neither only tells the other's less precisely."""
    mine, theirs = dates_in(one), dates_in(other)
    if not mine or not theirs:
        return False
    years, other_years = ({date.split()[-1] for date in dates} for dates in (mine, theirs))
    if years != other_years:
        return not (years <= other_years or other_years <= years)
    return all(" " in date for date in mine | theirs) and mine != theirs
