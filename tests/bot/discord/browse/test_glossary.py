"""/glossary forgives slips, plurals and short forms, and says what it has that is near."""

import pytest

from bot.discord.browse import glossary
from indexer.pipeline import Indexer

TITLES = {
    "Anchor institution": "A large organisation that stays where it is.",
    "Integrated care system (ICS)": "A partnership of health and care.",
    "Voluntary, community and social enterprise (VCSE)": "The third sector.",
    "Real Living Wage": "A wage that is worked out from the cost of living.",
    "Community wealth building": "Keeping wealth where it is made.",
    "Social value": "What a contract gives beyond the price.",
    "Inclusive economy": "An economy for everybody.",
    "Wider (social) determinants of health": "What makes people well or ill.",
    "Integrated care board (ICB) and integrated care partnership (ICP)": "Two bodies of a system.",
    "LEP and LEPs": "Partnerships of businesses and councils.",
    "Green plan and net zero": "What a trust does about the climate.",
}


@pytest.fixture
def words(library, tmp_path):
    for number, (title, text) in enumerate(TITLES.items()):
        (tmp_path / f"{number}.md").write_text(f"---\ntitle: {title}\nkind: glossary\n---\n\n{text}\n")
    Indexer(library).add([str(tmp_path / f"{number}.md") for number in range(len(TITLES))])
    return library


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("anchor institution", "Anchor institution"),
        ("Anchor Institutions", "Anchor institution"),
        ("anchor instituton", "Anchor institution"),
        ("ankor institution", "Anchor institution"),
        ("ancor institutions", "Anchor institution"),
        ("what is an anchor institution?", "Anchor institution"),
        ("anchors", "Anchor institution"),
        ("ICS", "Integrated care system (ICS)"),
        ("ICSs", "Integrated care system (ICS)"),
        ("ics's", "Integrated care system (ICS)"),
        ("I.C.S.", "Integrated care system (ICS)"),
        ("integrated care systems", "Integrated care system (ICS)"),
        ("intergrated care system", "Integrated care system (ICS)"),
        ("V.C.S.E", "Voluntary, community and social enterprise (VCSE)"),
        ("social enterprises", "Voluntary, community and social enterprise (VCSE)"),
        ("living wage", "Real Living Wage"),
        ("the living wages", "Real Living Wage"),
        ("real livingwage", "Real Living Wage"),
        ("wealth-building", "Community wealth building"),
        ("comunity wealth bulding", "Community wealth building"),
        ("“social value”", "Social value"),
        ("inclusive economies", "Inclusive economy"),
        ("social vlaue", "Social value"),
        ("CWB", "Community wealth building"),
        ("rlws", "Real Living Wage"),
        ("what does CWB mean?", "Community wealth building"),
        ("meaning of ICS", "Integrated care system (ICS)"),
        ("integrated care bord", "Integrated care board (ICB) and integrated care partnership (ICP)"),
        ("ICP", "Integrated care board (ICB) and integrated care partnership (ICP)"),
        ("social determinants", "Wider (social) determinants of health"),
        ("netzero", "Green plan and net zero"),
        ("LEPs", "LEP and LEPs"),
    ],
)
def test_a_word_is_found_as_it_is_typed(words, typed, title):
    found = glossary.meaning(words, typed)
    assert found is not None
    assert (found.term, found.text) == (title, TITLES[title])


@pytest.mark.parametrize("typed", ["quark", "", "...", "xyz", "roof", "ICX", "of", "the", "AI"])
def test_what_it_does_not_explain_is_not_guessed(words, typed):
    assert glossary.meaning(words, typed) is None


def test_what_is_near_is_offered(words):
    assert glossary.near_terms(words, "community hub")[0] in (
        "Community wealth building",
        "Voluntary, community and social enterprise (VCSE)",
    )
    assert glossary.near_terms(words, "quark") == []
