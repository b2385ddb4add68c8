from datetime import date

import pytest

from bot.texts.sources import source_details
from knowledge.domain.library import Citation
from knowledge.domain.vocabulary import EvidenceKind, Kind


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
    citation = Citation(
        n=1,
        document_id="a",
        chunk_id="1",
        title="Sample",
        section=None,
        organisation="Sample Trust",
        url=None,
        kind=Kind.REPORT,
        evidence=EvidenceKind.EVALUATION,
        published=published,
        quote="A quote.",
    )
    assert source_details(citation, date(2026, 11, 21)) == f"Sample Trust · evaluation · {shown}"
