from datetime import date

import pytest

from bot.texts.sources import source_details
from knowledge.domain.library import Citation
from knowledge.domain.vocabulary import EvidenceKind, Kind

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        (None, "date not known"),
        ("2021-03", "March 2021, more than 5 years ago"),
        ("2021-11-20", "20 November 2021, more than 5 years ago"),
        ("2021-11-22", "22 November 2021"),
        ("2021", "2021"),
        ("2020", "2020, more than 5 years ago"),
    ],
)
def test_a_source_says_when_it_is_old(published, shown):
    assert source_details(cited(published=published), TODAY) == f"Sample Trust · evaluation · {shown}"


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ({"true_as_of": "2021", "review_by": "2025"}, "as of 2021; check for changes"),
        ({"published": "2021", "review_by": "2025-06-30"}, "as of 2021; check for changes"),
        (
            {"published": "2021", "true_as_of": "2020-03", "review_by": "2025"},
            "2021 · as of March 2020; check for changes",
        ),
        ({"review_by": "2026-11-20"}, "check for changes"),
        ({"published": "2025", "review_by": "2026-11-21"}, "2025"),
        ({"published": "2025", "review_by": "2026"}, "2025"),
        ({"published": "2025", "superseded_by": "newer"}, "2025 · superseded by “newer”; look there"),
    ],
)
def test_a_source_says_when_somebody_should_have_checked_it(stated, shown):
    assert source_details(cited(**stated), TODAY) == f"Sample Trust · evaluation · {shown}"


def cited(**stated):
    return Citation(
        n=1,
        document_id="a",
        chunk_id="1",
        title="Sample",
        section=None,
        organisation="Sample Trust",
        url=None,
        kind=Kind.REPORT,
        evidence=EvidenceKind.EVALUATION,
        quote="A quote.",
        **{"published": None, **stated},
    )
