"""Counting the members behind examples gives nobody away."""

from knowledge.domain.examples import Action
from knowledge.domain.vocabulary import Credit, Kind
from tests.knowledge.examples.conftest import AUTHOR, MODERATOR, OTHER, content


def test_the_count_does_not_tell_whose_an_anonymous_example_is(examples, library):
    """Two of one person, one of them anonymous, count as those of two would."""
    counts = []
    for actor, credit in ((AUTHOR, Credit.NAMED), (AUTHOR, Credit.ANONYMOUS), (OTHER, Credit.ANONYMOUS)):
        given = examples.share(actor, content(credit=credit))
        examples.review(MODERATOR, given.id, Action.APPROVE)
        documents = [found.id for found in library.store.documents() if found.metadata.kind is Kind.EXAMPLE]
        counts.append(examples.members_behind(documents))
    assert counts == [1, 2, 2]
