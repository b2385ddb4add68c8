"""The state machine against a plain model: random histories of authors and moderators, on the real store."""

import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from indexer.pipeline import publisher
from knowledge.domain.examples import Action, State
from knowledge.domain.vocabulary import Credit
from knowledge.errors import ExampleConflictError, ExampleError, ExampleNotAllowedError
from knowledge.examples.examples import Examples
from knowledge.examples.machine import TRANSITIONS
from knowledge.library import Library
from knowledge.settings import Settings, Switch
from tests.fakes import Clock, WordCheck, WordEmbedder
from tests.knowledge.examples.conftest import ADMIN, AUTHOR, MODERATOR, OTHER, OUTSIDER, SECOND, content

# The model: in which states an action by the right person works, and where it leads. Written out anew, not derived.
WAITING = ("submitted", "in_review")
OPEN = (*WAITING, "changes_requested")
MODEL = {
    "submit": {"draft": "submitted", "changes_requested": "submitted"},
    "edit": {
        "draft": "draft",
        "submitted": "submitted",
        "in_review": "in_review",
        "changes_requested": "submitted",
    },
    "claim": dict.fromkeys(WAITING, "in_review"),
    "release": {"in_review": "submitted"},
    "approve": dict.fromkeys(WAITING, "published"),
    "request_changes": dict.fromkeys(WAITING, "changes_requested"),
    "decline": dict.fromkeys(OPEN, "declined"),
    "credit": {state: state for state in ("draft", *OPEN, "published")},
    "confirm": {"published": "published"},
    "withdraw": dict.fromkeys(("draft", *OPEN, "published", "declined"), "withdrawn"),
}
BY_AUTHOR = {"submit", "edit", "credit", "confirm", "withdraw"}
NEEDS_REASON = {"request_changes", "decline"}


class Reviews(RuleBasedStateMachine):
    """Every rule does the same to the product and to the model, and both must agree."""

    given = Bundle("given")

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        kept = Settings(data_dir=Path(self.folder.name), starter_library=Switch.OFF, chunk_tokens=60)
        self.library = Library.open(kept, WordEmbedder)
        self.examples = Examples(self.library, publisher(self.library), WordCheck(), Clock())
        self.states, self.claims, self.lengths = {}, {}, {}

    def teardown(self):
        self.library.close()
        self.folder.cleanup()

    @initialize(target=given)
    def one_is_there(self):
        return multiple(self._share())

    @rule(target=given)
    def share(self):
        return self._share()

    def _share(self):
        receipt = self.examples.share(AUTHOR, content(title=f"Number {len(self.states)}"))
        self.states[receipt.id], self.claims[receipt.id] = "submitted", None
        self.lengths[receipt.id] = 2
        return receipt.id

    @rule(target=given)
    def draft(self):
        draft = self.examples.draft(AUTHOR, content())
        self.states[draft.id], self.claims[draft.id] = "draft", None
        self.lengths[draft.id] = 1
        return draft.id

    @rule(
        example=given,
        action=st.sampled_from(sorted(MODEL)),
        actor=st.sampled_from([AUTHOR, OTHER, MODERATOR, SECOND, ADMIN, OUTSIDER]),
        reason=st.sampled_from([None, "It says too little."]),
    )
    def act(self, example, action, actor, reason):
        before, claim = self.states[example], self.claims[example]
        try:
            self._do(example, action, actor, reason)
            outcome = "done"
        except ExampleNotAllowedError:
            outcome = "not allowed"
        except ExampleConflictError:
            outcome = "conflict"
        except ExampleError:
            outcome = "incomplete"
        assert outcome == self._expected(before, claim, action, actor, reason), (before, action, actor)
        if outcome != "done":
            return
        after = MODEL[action][before]
        self.states[example] = after
        if action == "claim":
            self.claims[example] = actor.id
        elif after == "submitted" and before != "submitted":
            self.claims[example] = None
        elif action in ("approve", "request_changes", "decline") and before == "submitted":
            self.claims[example] = actor.id

    def _expected(self, before, claim, action, actor, reason):
        team = actor in (MODERATOR, SECOND, ADMIN)
        right = actor == AUTHOR if action in BY_AUTHOR else team
        if action == "withdraw" and team:
            right = True
        if not right:
            return "not allowed"
        if before not in MODEL[action]:
            return "conflict"
        held = claim not in (None, actor.id) and before == "in_review"
        if action not in BY_AUTHOR and held and actor != ADMIN:
            return "conflict"
        if reason is None and (action in NEEDS_REASON or (action == "withdraw" and actor != AUTHOR)):
            return "incomplete"
        return "done"

    def _do(self, example, action, actor, reason):
        examples = self.examples
        if action == "submit":
            examples.submit(actor, example)
        elif action == "edit":
            examples.edit(actor, example, content(what="Told in other words."))
        elif action == "credit":
            examples.set_credit(actor, example, Credit.ANONYMOUS)
        elif action == "confirm":
            examples.still_holds(actor, example)
        elif action == "withdraw":
            examples.withdraw(actor, example, reason)
        else:
            examples.review(actor, example, Action(action), reason)

    @invariant()
    def product_and_model_agree(self):
        store = self.library.examples
        for example, state in self.states.items():
            submission, history = store.find(example), store.history(example)
            assert submission.state == state
            assert history[-1].to_state == state
            assert submission.version == history[-1].version == len(history)
            assert len(history) >= self.lengths[example]
            self.lengths[example] = len(history)
            assert all(
                event.to_state in TRANSITIONS[event.action].values() for event in history if event.action != "start"
            )
            assert all(one.to_state == other.from_state for one, other in pairwise(history))
        published = {example for example, state in self.states.items() if state == "published"}
        assert {document.id for document in self.library.store.documents()} == published
        assert self.library.examples.problems() == []


TestReviews = Reviews.TestCase
TestReviews.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_every_state_but_the_last_can_be_left():
    reached = {state for steps in TRANSITIONS.values() for state in steps.values()}
    left = {state for steps in TRANSITIONS.values() for state in steps}
    assert reached | {State.DRAFT} == set(State)
    assert set(State) - left == {State.WITHDRAWN}


@pytest.mark.parametrize("field", ["what", "what_happened", "outcome", "clearance"])
def test_nothing_is_handed_in_without(examples, field):
    empty = {"what": " ", "what_happened": "", "outcome": None, "clearance": False}[field]
    assert examples.share(AUTHOR, content(**{field: empty})).missing == (field,)
