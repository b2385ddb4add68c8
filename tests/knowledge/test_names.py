import pytest

from knowledge.answering.names import Named, named_things, supports

LIBRARY = [
    "For example, Barts Health NHS Trust hires locally. Going local is a good start.",
    "Procurement matters; procurement rules.",
]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("what has Manchester University NHS FT done?", ["Manchester University NHS FT"]),
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
    assert [named.shown for named in named_things(question, LIBRARY)] == names


def test_a_text_supports_a_name_by_all_its_words_or_by_its_initials():
    fund = named_things("the King's Fund", [])[0]
    assert supports("A report of the King’s Fund says", fund)
    assert not supports("A fund for gardens", fund)
    plan = named_things("in the LTP", [])[0]
    assert supports("the NHS Long Term Plan", plan)
    assert not supports("a plan for the long term", plan)
    assert supports("Lancashire and South Cumbria", Named("LSC", ("lsc",)))
    assert supports("between 2019 and 2021", Named("2021", ("2021",)))
    assert not supports("between 2019 and 2021", Named("2020", ("2020",)))
