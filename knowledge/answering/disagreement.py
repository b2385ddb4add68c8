"""Sources that give different figures or dates for what is asked: they stand side by side."""

from knowledge.answering.answer_kind import asks_for_date, asks_for_figure
from knowledge.answering.citations import Quote
from knowledge.answering.evidence import Evidence, ReadChunk
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
    """Return whether each text gives a date that the other does not give, not even less precisely."""
    mine, theirs = ([_month_and_year(date) for date in dates_in(text)] for text in (one, other))
    return all(
        any(others and not any(_agree(date, known) for known in others) for date in dates)
        for dates, others in ((mine, theirs), (theirs, mine))
    )


def _month_and_year(date: str) -> tuple[str, str]:
    """Return both parts of "august 2020", an empty text for the one that "2020" or "august" lacks."""
    *month, last = date.split()
    return ("".join(month), last) if last.isdigit() else (last, "")


def _agree(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return all(mine == theirs or not mine or not theirs for mine, theirs in zip(one, other, strict=True))
