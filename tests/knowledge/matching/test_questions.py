"""Questions that the library cannot answer, passed to peers."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from knowledge.errors import MemberError, QuestionError
from knowledge.matching import wording
from tests.knowledge.matching.people import GARDEN, add

QUESTION = "Opening hospital or clinic grounds to the public?"
PLACES = ("england", "scotland", "wales", "northern_ireland")


@pytest.fixture
def network(peers):
    add(peers, "asker", working_on="Payroll")
    for number, nation in enumerate(PLACES):
        add(peers, f"gardener{number}", GARDEN, nation=nation, organisation=f"House {number}")
    add(peers, "other", working_on="Recruiting paramedics abroad")
    return peers


def asked(peers):
    names = [f"gardener{number}" for number in range(4)] + ["other"]
    return [name for name in names if peers.questions_for(name)]


def test_up_to_three_who_fit_are_asked(network):
    outcome = network.ask_peers("asker", QUESTION)
    assert (outcome.peers, outcome.note) == (3, None)
    assert len(asked(network)) == 3
    assert "other" not in asked(network)
    first = network.questions_for(asked(network)[0])[0]
    assert (first.question, first.asker) == (QUESTION, "asker")


def test_the_asker_may_stay_unnamed(network):
    network.ask_peers("asker", QUESTION, named=False)
    assert network.questions_for(asked(network)[0])[0].asker is None


def test_what_is_asked_of_sector_and_nation_is_honoured(network):
    network.ask_peers("asker", "Opening hospital or clinic grounds to the public. Anyone in Wales?")
    assert asked(network) == ["gardener2"]


def test_the_first_helpful_reply_closes_the_question_and_may_become_an_example(network):
    question = network.ask_peers("asker", QUESTION).question_id
    first, second, third = asked(network)
    network.reply(first, question, "Ask the facilities team.")
    network.reply(second, question, "We took the fence down in March.", may_share=True)
    assert [(one.author, one.reply) for one in network.replies("asker")] == [
        (first, "Ask the facilities team."),
        (second, "We took the fence down in March."),
    ]
    assert network.helpful("asker", question, first, yes=False) is None
    assert asked(network) == [third]
    shareable = network.helpful("asker", question, second, yes=True)
    assert (shareable.author, shareable.question) == (second, QUESTION)
    assert asked(network) == []
    assert network.helpful("asker", question, second, yes=True) is None  # passed on once
    with pytest.raises(MemberError, match="no open question"):
        network.reply(third, question, "Too late")


def test_a_helpful_reply_without_consent_is_not_passed_on(network):
    question = network.ask_peers("asker", QUESTION).question_id
    network.reply(asked(network)[0], question, "We did.")
    assert network.helpful("asker", question, network.replies("asker")[0].author, yes=True) is None


def test_only_those_who_were_asked_reply_and_only_the_asker_judges(network):
    question = network.ask_peers("asker", QUESTION).question_id
    author = asked(network)[0]
    with pytest.raises(MemberError):
        network.reply("other", question, "I have a view")
    with pytest.raises(MemberError):
        network.helpful("asker", question, author, yes=True)
    network.reply(author, question, "We did.")
    with pytest.raises(MemberError):
        network.helpful("other", question, author, yes=True)
    with pytest.raises(MemberError):
        network.reply(author, question, "Again")


def test_questions_count_as_requests(network):
    for number in range(3):
        network.ask_peers("asker", f"{QUESTION} {number}")
    routes = network.library.members.routes_sent_since("", [f"gardener{number}" for number in range(4)])
    counts = [sum(route.member_id == f"gardener{number}" for route in routes) for number in range(4)]
    assert max(counts) == 2
    assert network.ask_peers("asker", QUESTION).note == wording.NOBODY_TO_ASK


def test_a_question_asked_twice_at_the_same_moment_goes_out_once(network):
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: network.ask_peers("asker", f" {QUESTION} "), range(8)))
    assert len({outcome.question_id for outcome in outcomes}) == 1
    assert sorted(outcome.note is None for outcome in outcomes) == [False] * 7 + [True]
    assert {outcome.note for outcome in outcomes} == {None, wording.QUESTION_PASSED_ON}
    assert [len(network.library.members.routes_of(name)) for name in asked(network)] == [1, 1, 1]


def test_those_who_can_help_are_counted_for_whoever_reads_it(network):
    assert network.count_on(QUESTION) == 4
    assert network.count_on(QUESTION, "stranger") == 4
    assert network.count_on(QUESTION, "gardener0") == 3
    network.block("gardener1", "asker")
    network.pause("gardener2")
    assert network.count_on(QUESTION, "asker") == 2
    assert network.count_on("Zebras and violins") == 0


def test_nobody_to_ask_is_said_and_nothing_is_kept(peers):
    add(peers, "asker")
    outcome = peers.ask_peers("asker", QUESTION)
    assert (outcome.question_id, outcome.peers, outcome.note) == (None, 0, wording.NOBODY_TO_ASK)
    assert peers.export("asker").questions == ()


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_empty_and_endless_texts_are_refused(network, text):
    with pytest.raises(QuestionError):
        network.ask_peers("asker", text)
    question = network.ask_peers("asker", QUESTION).question_id
    with pytest.raises(QuestionError):
        network.reply(asked(network)[0], question, text)


def test_who_can_no_longer_be_found_is_not_named_with_a_reply(network):
    question = network.ask_peers("asker", QUESTION).question_id
    author = asked(network)[0]
    network.reply(author, question, "We did.")
    network.set_findable(author, findable=False)
    assert network.replies("asker") == []
    network.set_findable(author, findable=True)
    assert len(network.replies("asker")) == 1


def test_pausing_blocking_and_leaving_close_it(network):
    question = network.ask_peers("asker", QUESTION).question_id
    first, second, third = asked(network)
    network.reply(first, question, "We did.")
    network.pause(first)
    assert network.replies("asker") == []
    network.block(second, "asker")
    network.pause(third)
    assert asked(network) == []
    network.resume(third)
    network.forget("asker")
    assert asked(network) == []
    with pytest.raises(MemberError):
        network.reply(third, question, "We did.")
