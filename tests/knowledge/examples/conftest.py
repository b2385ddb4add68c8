import pytest

from indexer.pipeline import publisher
from knowledge.domain.examples import Actor, Content, Role
from knowledge.domain.vocabulary import Credit, Level, Nation, Outcome, Pillar
from knowledge.examples.examples import Examples
from tests.fakes import Clock, WordCheck

AUTHOR = Actor("sample-author", Role.MEMBER)
OTHER = Actor("sample-other", Role.MEMBER)
MODERATOR = Actor("sample-moderator", Role.MODERATOR)
SECOND = Actor("sample-second", Role.MODERATOR)
ADMIN = Actor("sample-admin", Role.ADMIN)
OUTSIDER = Actor("sample-outsider", Role.OUTSIDER)


def content(**changes):
    values = {
        "title": "Bicycle repair on the ward",
        "what": "We opened a bicycle workshop next to the canteen.\n\n* two mornings a week\n* run by apprentices",
        "for_whom": "Night staff who could not get a bus home.",
        "what_happened": "Forty colleagues cycle now. The workshop ran out of tyres in winter.",
        "differently": "Order winter tyres in summer.",
        "measured": "We counted repairs each month.",
        "pillars": (Pillar.ENVIRONMENT,),
        "outcome": Outcome.WORKED,
        "level": Level.LOCAL,
        "nation": Nation.WALES,
        "organisation": "Sample Hospital Trust",
        "credit": Credit.ORGANISATION,
        "clearance": True,
    }
    return Content.model_validate(values | changes)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def examples(library, clock):
    return Examples(library, publisher(library), WordCheck(), clock)


@pytest.fixture
def found(library):
    """Ids of the documents that a search finds."""

    def search(query, **filters):
        from knowledge.domain.library import Filters

        return [r.document_id for r in library.searcher.search(query, 20, Filters(**filters)).results]

    return search
