import pytest

from knowledge.answering.names import named_things, supports
from knowledge.retrieval.query import Query

LIBRARY = [
    "For example, Barts Health NHS Trust hires locally. Going local is a good start.",
    "Procurement matters; procurement rules.",
]


def read(question, spelled_out=None, mended=None):
    return Query(question, question, (), (), spelled_out or {}, mended or {})


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("what has Manchester University NHS FT done?", ["Manchester University NHS"]),
        ("What did the King's Fund recommend?", ["King's Fund"]),
        ("Barts has a target - what is it?", ["Barts"]),
        ("Going back to the hub, how many joined?", []),
        ("Procurement: where do we start?", []),
        ("how many joined Test and Learn in 2023?", ["Test and Learn", "2023"]),
        ("what is HALN's budget for 2024/25?", ["2024/25"]),
        ("Is it like this in Wales or Scotland?", []),
        ("what is an ICS?", ["ICS"]),
        ("no names here at all", []),
    ],
)
def test_what_a_question_names(question, names):
    assert [named.shown for named in named_things(read(question), LIBRARY)] == names


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("do Apple Trust and Pear Council work together?", ["Apple Trust", "Pear Council"]),
        ("what of Mid and South Essex?", ["Mid and South Essex"]),
        ("who is in the Mayor's London group?", ["Mayor", "London"]),
        ("what did the King's Fund and Unknown Trust say?", ["King's Fund and Unknown Trust"]),
    ],
)
def test_whether_a_joined_name_is_one_or_two(question, names):
    texts = ["Apple Trust hires. Pear Council buys.", "In Mid and South Essex the Mayor went to London."]
    assert [named.shown for named in named_things(read(question), texts)] == names


def test_a_text_supports_a_name_by_all_its_words():
    fund = named_things(read("the King's Fund"), [])[0]
    assert supports("A report of the King’s Fund says", fund)
    assert not supports("A fund for gardens", fund)
    year = named_things(read("in 2020?"), [])[0]
    assert supports("between 2019 and 2020", year)
    assert not supports("between 2019 and 2021", year)


def test_a_text_supports_a_name_by_its_long_form_and_without_its_slips():
    trust = named_things(read("what of ELFT?", spelled_out={"ELFT": "East London NHS Foundation Trust"}), [])[0]
    assert supports("East London NHS Foundation Trust hires", trust)
    assert supports("ELFT hires", trust)
    assert not supports("A foundation trust in London hires", trust)
    place = named_things(read("what of Newcatsle?", mended={"Newcatsle": "newcastle"}), [])[0]
    assert supports("Collaborative Newcastle", place)


def test_an_acronym_is_supported_by_words_with_its_initials_and_by_its_singular():
    plan = named_things(read("what of the LTWP?"), [])[0]
    assert supports("It is in the NHS long term workforce plan.", plan)
    assert not supports("It is in the workforce plan for the long term.", plan)
    systems = named_things(read("how many ICSs are there?", spelled_out={"ICSs": "integrated care system"}), [])[0]
    assert supports("There are 42 ICS areas.", systems)
