"""Nobody publishes what identifies a person by accident."""

import pytest

from indexer.pipeline import publisher
from knowledge.domain.examples import Action, State
from knowledge.errors import ExampleConfirmationError
from knowledge.examples.examples import Examples
from knowledge.privacy.personal_data import Found
from tests.knowledge.examples.conftest import AUTHOR, MODERATOR, content


def test_what_identifies_a_person_is_approved_only_where_it_is_confirmed_by_name(library, clock):
    class Everything:
        has_name_model = True

        def find(self, text):
            marked = (("UK_NHS", "943 476 5919"), ("EMAIL_ADDRESS", "jo@nhs.example.uk"), ("PERSON", "Jo"))
            return [
                Found(kind, text.index(word), text.index(word) + len(word), 1.0)
                for kind, word in marked
                if word in text
            ]

    examples = Examples(library, publisher(library), Everything(), clock)
    given = examples.share(AUTHOR, content(what="Jo, 943 476 5919, jo@nhs.example.uk, was helped."))
    with pytest.raises(ExampleConfirmationError, match=r"NHS number in what.*: NHS number, email address\.$") as found:
        examples.review(MODERATOR, given.id, Action.APPROVE)
    assert found.value.labels == ("NHS number", "email address")
    with pytest.raises(ExampleConfirmationError, match=r": email address\.$"):
        examples.review(MODERATOR, given.id, Action.APPROVE, confirmed=("nhs number",))
    published = examples.review(MODERATOR, given.id, Action.APPROVE, confirmed=("NHS number", "email address"))
    assert published.state is State.PUBLISHED
    approval = next(event for event in library.examples.history(given.id) if event.action is Action.APPROVE)
    assert (approval.actor, approval.reason) == (MODERATOR.id, "Published with this in it: NHS number, email address.")


def test_an_ordinary_example_needs_no_confirmation_and_leaves_no_note(examples, library):
    given = examples.share(AUTHOR, content())
    examples.review(MODERATOR, given.id, Action.APPROVE)
    assert all(event.reason is None for event in library.examples.history(given.id))
