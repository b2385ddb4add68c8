"""Ideas for what to measure in words, the same on every face."""

from collections.abc import Iterator

from knowledge.guidance.indicators import IndicatorIdeas, PillarIdeas

TITLE = "What others measured"
ABOUT = "Taken from the library, in the words of whoever measured it. Whether it suits your work is for you to judge."
NOBODY_NEXT = "Try other words, or ask members who do such work."


def idea_lines(group: PillarIdeas) -> Iterator[tuple[str, int, str]]:
    """Yield each idea for a pillar: what was measured, the number of its citation, and who measured it."""
    for idea in group.ideas:
        yield idea.measure.words, idea.citation, idea.organisation or idea.title


def as_text(found: IndicatorIdeas) -> str:
    """Return the ideas with their sources as plain text."""
    if found.reason:
        return f"{found.reason} {NOBODY_NEXT}" if not found.pillars else found.reason
    lines = [TITLE, ABOUT]
    for group in found.pillars:
        lines += ["", group.pillar.label[0].upper() + group.pillar.label[1:]]
        lines += [f"  - {words} [{number}] ({who})" for words, number, who in idea_lines(group)]
    lines += ["", "Sources"]
    for citation in found.citations:
        lines.append(f"  [{citation.n}] {citation.title}: “{citation.quote}”")
        lines += [f"      {citation.url}"] if citation.url else []
    return "\n".join(lines)
