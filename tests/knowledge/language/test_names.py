"""Names in questions, in capitals or not: the library's own spelling decides where capitals do not."""

import pytest

from knowledge.domain.library import Acronym
from knowledge.domain.vocabulary import Nation
from knowledge.language import library_words
from knowledge.language.library_words import LibraryWords
from knowledge.language.names import NameKind, find_names, supports
from tests.knowledge.language.word_store import FakeWordStore

TEXTS = [
    "For example, Barts Health NHS Trust hires locally. Going local is a good start. It is what Barts does.",
    "Procurement matters; procurement rules. They spoke of social value and of a hub.",
    "In Mid and South Essex the Mayor went to London. Apple Trust hires. Pear Council buys.",
    "They signed the City Deal.",
    "At East London NHS Foundation Trust (ELFT) they join Test and Learn, which began there.",
    "There are integrated care systems (ICSs) in Leeds, or in Newcastle, and trusts of a hospital.",
]
ENGLISH = {"what", "buy", "commissioning", "garden", "barking"}


@pytest.fixture(scope="module")
def library():
    acronyms = [
        Acronym("ELFT", "East London NHS Foundation Trust", stated=True),
        Acronym("ICS", "integrated care systems", stated=True),
    ]
    return LibraryWords(FakeWordStore(TEXTS, acronyms, ["Barts Health", "Sample Society"]), ENGLISH.__contains__)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("what has Manchester University NHS FT done?", ["Manchester University NHS"]),
        ("What did the King's Fund recommend?", ["King's Fund"]),
        ("Barts has a target - what is it?", ["Barts"]),
        ("Going back to the hub, how many joined?", []),
        ("Procurement: where do we start?", []),
        ("how many joined Test and Learn in 2023?", ["Test and Learn", "2023"]),
        ("what is its budget for 2024/25?", ["2024/25"]),
        ("what is an ICS?", ["ICS"]),
        ("no names here at all", []),
        # joined
        ("do Apple Trust and Pear Council work together?", ["Apple Trust", "Pear Council"]),
        ("what of Mid and South Essex?", ["Mid and South Essex"]),
        ("who is in the Mayor's London group?", ["Mayor", "London"]),
        ("did Leeds and London buy?", ["Leeds", "London"]),
        ("what did the University of Leeds buy?", ["University of Leeds"]),
        # in small letters
        ("what happens in belfast", ["Belfast"]),
        ("hospitals of mid and south essex", ["Mid and South Essex"]),
        ("what does barts health do?", ["Barts Health"]),
        ("has leeds bought food?", ["Leeds"]),
        ("and in ashford?", ["Ashford"]),
        ("the dog is barking", []),
        ("what is hard in commissioning?", []),
        ("what is the best deal?", []),
        ("who signed the leeds city deal?", ["Leeds City Deal"]),
        # what stands beside a name
        ("jobs at the North East COVID hub", ["North East", "COVID"]),
        ("what does Public Health Wales say?", ["Public Health Wales"]),
        ("did it begin in February?", []),
        # capitals that tell nothing
        ("WHAT DID LEEDS BUY?", ["Leeds"]),
        ("What Is Social Value In Leeds?", ["Leeds"]),
        ("what is Social Value?", []),
    ],
)
def test_what_a_question_names(library, question, names):
    assert [name.shown for name in find_names(question, library)] == names


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("what does Barts Health NHS Trust do?", NameKind.ORGANISATION),
        ("what does the Sample Society do?", NameKind.ORGANISATION),
        ("hospitals in Belfast", NameKind.PLACE),
        ("boards in Wales", NameKind.PLACE),
        ("what does ELFT do?", NameKind.ACRONYM),
        ("what happened in 2023?", NameKind.YEAR),
        ("who joined Test and Learn?", NameKind.OTHER),
    ],
)
def test_what_sort_of_thing_a_name_is_of(library, question, kind):
    assert [name.kind for name in find_names(question, library)] == [kind]


def test_a_nation_is_known_and_need_not_be_repeated(library):
    welsh = find_names("which Welsh boards buy?", library)[0]
    assert (welsh.nation, welsh.adjective, welsh.wide) == (Nation.WALES, True, True)
    assert find_names("does an NHS trust buy?", library)[0].wide
    assert not find_names("what does the Health Foundation say?", library)[0].wide
    assert not find_names("what does Leeds buy?", library)[0].wide


def named(question, library):
    return find_names(question, library)[0]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("the King's Fund", "A report of the King’s Fund says"),
        ("in 2020?", "between 2019 and 2020"),
        ("what of ELFT?", "East London NHS Foundation Trust hires"),
        ("what of ELFT?", "ELFT hires"),
        ("and East London NHS Foundation Trust?", "ELFT hires"),
        ("what of Newcatsle?", "Collaborative Newcastle"),
        ("what of the LTWP?", "It is in the NHS long term workforce plan."),
        ("how many ICSs are there?", "There are 42 ICS areas."),
        ("does Leeds Hospital Trust buy?", "Leeds Teaching Hospitals NHS Trust buys"),
        ("and Barts Health Trust?", "Barts Health; the trust hires"),
        ("schemes in Lancs", "across Lancashire"),
        ("at University Hospitals Birmingham", "the University Hospitals Birmingham NHS Foundation Trust"),
    ],
)
def test_a_text_speaks_of_a_name(library, question, text):
    assert supports(text, named(question, library))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("the King's Fund", "A fund for gardens"),
        ("in 2020?", "between 2019 and 2021"),
        ("what of ELFT?", "A foundation trust in London hires"),
        ("what of the LTWP?", "It is in the workforce plan for the long term."),
        ("at University Hospitals Birmingham", "The University of Leeds and hospitals in Birmingham"),
        ("what of Mid and South Essex?", "Essex in the south, and mid Kent"),
    ],
)
def test_a_text_speaks_of_something_else(library, question, text):
    assert not supports(text, named(question, library))


def test_what_is_learned_is_of_the_library_as_it_is():
    store = FakeWordStore(["They met in Leeds."], [], [])
    library = LibraryWords(store, lambda _: False)
    assert find_names("what of quincetown?", library) == ()
    store.texts.append("They went to Quincetown.")
    assert [name.shown for name in find_names("what of quincetown?", library)] == ["Quincetown"]


def test_no_more_than_some_words_are_remembered(monkeypatch):
    monkeypatch.setattr(library_words, "_MOST_REMEMBERED", 20)
    library = LibraryWords(FakeWordStore(["They met in Leeds."], [], []), ENGLISH.__contains__)
    for number in range(200):
        assert not library.holds(f"word{number}")
        library.frequency(f"phrase {number}")
        library.slips([f"Slip{number}"])
        library.written(f"name{number}")
    assert library._learned().remembered <= 20 + 1
    assert library.holds("leeds")
