from knowledge.answering.candidates import Candidate
from knowledge.answering.dates import disagreeing
from knowledge.language.sentences import Unit
from knowledge.types import Chunk, Metadata


def said(text, document="a"):
    chunk = Chunk(id=1, document_id=document, ordinal=0, heading_path=(), text=text, metadata=Metadata(title="T"))
    return Candidate(chunk, 0, Unit(0, len(text), text, None), 0.5, 0.5, fits_type=True)


def test_sources_that_give_other_dates_for_the_same_disagree():
    first = said("Between August and November 2020 the sample trust held eight conversations about anchors.")
    other = said("Between August and September 2020 the sample trust held conversations about anchors.", "b")
    assert disagreeing(first, [other]) is other
    same_document, vaguer, another_thing = (
        said(other.unit.text, "a"),
        said("In 2020 the sample trust held conversations about anchors.", "b"),
        said("Bread was baked in June 2019 by the village bakery.", "b"),
    )
    assert disagreeing(first, [same_document, vaguer, another_thing]) is None
    assert disagreeing(first, [said("In 2020 the sample trust held conversations about anchors.", "b")]) is None
    assert disagreeing(first, [said("Bread was baked in June 2019 by the village bakery.", "b")]) is None
