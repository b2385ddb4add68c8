import pytest

from knowledge.domain.vocabulary import Nation, Sector
from knowledge.matching.constraints import read_member_constraints

NHS = {Sector.NHS_TRUST, Sector.ICS}
NOT_NHS = set(Sector) - NHS


@pytest.mark.parametrize(
    ("text", "sectors"),
    [
        ("Someone from a hospital who will talk openly", NHS),
        ("A trust that has tried it", NHS),
        ("Hospitals near us with vacancies to fill", NHS),
        ("I'd rather hear from a council than another trust about parking", {Sector.COUNCIL}),
        ("Would like to hear from a university or council", {Sector.UNIVERSITY, Sector.COUNCIL}),
        ("Prefer to hear from someone who isn't NHS.", NOT_NHS),
        ("Non-NHS views on wellbeing", NOT_NHS),
        ("Has anyone outside the health service tried this?", NOT_NHS),
        ("Ideas, from outside local government please", set(Sector) - {Sector.COUNCIL}),
        ("How do they commit? Not another council please.", set(Sector) - {Sector.COUNCIL}),
        ("Better buses. No more trusts please", NOT_NHS),
        ("Who in the voluntary sector has run a food pantry?", {Sector.VCSE}),
        ("I am looking for a housing association that hires tenants", {Sector.HOUSING_ASSOCIATION}),
        ("We want to meet charities who run hubs", {Sector.VCSE}),
        ("Prefer a university", {Sector.UNIVERSITY}),
    ],
)
def test_a_sector_that_is_asked_for_is_read(text, sectors):
    assert read_member_constraints(text).sectors == sectors


@pytest.mark.parametrize(
    ("text", "nations"),
    [
        ("Anyone in Scotland or Northern Ireland doing this?", {Nation.SCOTLAND, Nation.NORTHERN_IRELAND}),
        ("Opening our gardens, someone in Scotland please", {Nation.SCOTLAND}),
        ("Ideally in Wales. How to buy from farms", {Nation.WALES}),
        (
            "Anyone outside England who has done it. We have plenty of English examples already.",
            set(Nation) - {Nation.ENGLAND, Nation.UK},
        ),
        ("Somebody not in Scotland, as our rules differ", set(Nation) - {Nation.SCOTLAND, Nation.UK}),
    ],
)
def test_a_nation_that_is_asked_for_is_read(text, nations):
    assert read_member_constraints(text).nations == nations


@pytest.mark.parametrize(
    "text",
    [
        "Help for people in hospital who go home to nothing",
        "How do we get people outside the hospital gates to apply",
        "Not just the NHS please, anybody with a view on damp homes",
        "We supply hospitals and want to understand their rules",
        "How can councils and hospitals share staff?",
        "The council raised these kids. Who has given them a first job?",
        "Teenagers round here think the hospital is only for doctors",
        "",
    ],
)
def test_what_is_no_wish_restricts_nothing(text):
    wish = read_member_constraints(text)
    assert (wish.sectors, wish.nations, wish.different_sector, wish.different_nation) == (None, None, False, False)
    assert wish.topic == text


def test_another_sector_or_nation_is_read():
    assert read_member_constraints("Someone from a different sector who has opened a kitchen").different_sector
    assert read_member_constraints("someone outside our own sector").different_sector
    assert read_member_constraints("Would like to compare notes with another nation").different_nation


def test_the_topic_is_what_is_left_without_the_wish():
    assert (
        read_member_constraints("Keeping carers. Prefer to hear from someone who isn't NHS.").topic == "Keeping carers."
    )
    assert read_member_constraints("Anyone outside England who hires carers").topic == "Anyone who hires carers"
    assert (
        read_member_constraints("Someone from a hospital who'll talk about jobs").topic
        == "Someone who'll talk about jobs"
    )


def test_asking_for_a_sector_and_refusing_it_leaves_others():
    assert Sector.COUNCIL not in read_member_constraints("Someone from a council, but not a council").sectors
