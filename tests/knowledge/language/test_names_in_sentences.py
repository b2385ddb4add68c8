import pytest

from knowledge.language.names import find_names, supports

TEXT = (
    "East London NHS Foundation Trust (ELFT) and Preston City Council met in March 2022. Suppliers of the trust said "
    "that integrated care systems (ICSs) in Mid and South Essex helped. Leeds was not there."
)


def unsupported(sentence):
    return [name.shown for name in find_names(sentence) if not supports(TEXT, name)]


@pytest.mark.parametrize(
    "sentence",
    [
        "East London NHS Foundation Trust met Preston City Council in March.",
        "ELFT's suppliers helped, and so did an ICS.",
        "However, East London Foundation Trust met the Council.",
        "A supplier said so; ‘Suppliers helped.’",
        "In Mid and South Essex they helped.",
        "Trust is needed: I said so.",
    ],
)
def test_names_that_the_text_has(sentence):
    assert unsupported(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Barts met Preston City Council.", ["Barts"]),
        ("Leeds City Council met ELFT.", ["Leeds City Council"]),
        ("They met in April.", ["April"]),
        ("It was UCLH, said Jane Smith.", ["UCLH", "Jane Smith"]),
        ("The North London NHS Trust met.", ["North London NHS Trust"]),
        ("Liverpool met ELFT’s suppliers.", ["Liverpool"]),
        ("Stoke-on-Trent met.", ["Stoke-on-Trent"]),
    ],
)
def test_names_that_the_text_lacks(sentence, names):
    assert unsupported(sentence) == names
