"""Findings of checks, and how a check that fails itself is told of."""

from collections.abc import Callable, Iterable
from enum import StrEnum

from knowledge.domain.library import Noun
from knowledge.errors import HalnError


class Level(StrEnum):
    """The weight of a finding: what is wrong, and what could be better."""

    PROBLEM = "problem"
    ADVICE = "advice"


class Finding(Noun):
    """One thing that was found; `text` says in one line what it is and what to do."""

    check: str
    level: Level
    text: str


class Report(Noun):
    """The findings of `haln doctor`. `checks` are the names of all that was looked at."""

    fine: bool
    checks: tuple[str, ...]
    findings: tuple[Finding, ...]


Check = Callable[[], Iterable[tuple[Level, str]]]


def run_checks(checks: dict[str, Check]) -> Report:
    """Run every check, also where one before it found something or failed."""
    findings: list[Finding] = []
    for name, check in checks.items():
        try:
            found = list(check())
        except (HalnError, OSError) as error:
            found = [(Level.PROBLEM, str(error))]
        findings += [Finding(check=name, level=level, text=" ".join(text.split())) for level, text in found]
    return Report(
        fine=not any(finding.level is Level.PROBLEM for finding in findings),
        checks=tuple(checks),
        findings=tuple(findings),
    )
