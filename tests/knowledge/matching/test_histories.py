"""Random histories of a small network against a plain model: who may see whom, and how introductions move.

The model knows nothing of the implementation: it is dictionaries and the rules as members are told them.
"""

import json
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from knowledge.domain.vocabulary import IntroductionState as State
from knowledge.errors import MemberError
from knowledge.matching.sets import Rules as SetRules
from tests.knowledge.matching.history_rules import AGAIN_DAYS, ANSWER_DAYS, LIMIT, REQUEST_DAYS, Rules
from tests.knowledge.matching.people import GARDEN, Clock, add, open_peers

# None is a part of another, and none occurs in any text.
IDS = ("m-ada", "m-bea", "m-cyd", "m-dot")
NATIONS = dict(zip(IDS, ("england", "scotland", "wales", "northern_ireland"), strict=True))
WANTS = "Opening hospital or clinic grounds"
QUESTION = "Opening hospital or clinic grounds to the public"
members = st.sampled_from(IDS)
pairs = st.tuples(members, members).filter(lambda pair: pair[0] != pair[1])


class History(Rules, RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.peers = open_peers(
            Path(self.folder.name), self.clock, peer_requests=LIMIT, member_days=3650, introduction_days=3650
        )
        self.people = {}  # id -> {"findable", "paused"}
        self.blocks = set()  # (who, whom)
        self.asks = []  # {"id", "seeker", "other", "state", "at"}
        self.routes = []  # (moment, member): questions passed on count as requests
        self.questions = []  # (moment, asker)
        self.asked_peers = 0

    def teardown(self):
        self.peers.library.close()
        self.folder.cleanup()

    # -- what happens

    @initialize()
    def everybody_joins(self):
        for who in IDS:
            self.join(who, findable=True)

    @rule(who=members, findable=st.booleans())
    def join(self, who, findable):
        known = self.people.get(who, {"paused": False})
        add(
            self.peers,
            who,
            GARDEN,
            findable=findable,
            nation=NATIONS[who],
            organisation=f"House {who[2:]}",
            display_name="",
            looking_for=WANTS,
        )
        self.people[who] = {"findable": findable, "paused": known["paused"]}

    @rule(who=members, paused=st.booleans())
    def pause_or_resume(self, who, paused):
        change = self.peers.pause if paused else self.peers.resume
        if who not in self.people:
            with pytest.raises(MemberError):
                change(who)
        else:
            change(who)
            self.people[who]["paused"] = paused

    @rule(who=members)
    def leave(self, who):
        if who not in self.people:
            return
        assert self.peers.forget(who).left == 0
        del self.people[who]
        self.asks = [ask for ask in self.asks if who not in (ask["seeker"], ask["other"])]
        self.routes = [route for route in self.routes if who not in route[1:]]
        self.questions = [one for one in self.questions if one[1] != who]
        self.blocks = {block for block in self.blocks if block[0] != who}

    @rule(pair=pairs, take_back=st.booleans())
    def block(self, pair, take_back):
        if pair[0] not in self.people:
            return
        if take_back:
            assert self.peers.unblock(*pair) == (pair in self.blocks)
            self.blocks.discard(pair)
        else:
            self.peers.block(*pair)
            self.blocks.add(pair)

    @rule(pair=pairs)
    def ask(self, pair):
        seeker, other = pair
        again = self.clock.now - timedelta(days=AGAIN_DAYS)
        met = any(
            ask["state"] == "accepted" or (ask["seeker"] == seeker and ask["at"] > again) for ask in self.between(*pair)
        )
        if seeker not in self.people or self.people[seeker]["paused"] or met:
            expected = None
        elif (theirs := self.answerable(seeker, other)) is not None:
            expected = "accepted"
        else:
            expected = "asked" if self.may_find(seeker, other) and self.requests(other) < LIMIT else None
        if expected is None:
            with pytest.raises(MemberError):
                self.peers.ask(seeker, other)
            return
        introduction = self.peers.ask(seeker, other)
        assert introduction.state == expected
        if expected == "accepted":
            self.agreed(theirs)
        else:
            self.asks.append(
                {"id": introduction.id, "seeker": seeker, "other": other, "state": "asked", "at": self.clock.now}
            )

    @rule(pair=pairs, answer=st.sampled_from(["accept", "decline"]))
    def answer(self, pair, answer):
        who, asker = pair
        ask = self.answerable(who, asker) if who in self.people else None
        # The same press twice changes nothing, so an answer that was given may be given again.
        again = [
            one
            for one in self.between(*pair)
            if one["seeker"] == asker and one["state"] == {"accept": "accepted", "decline": "declined"}[answer]
        ]
        press = getattr(self.peers, answer)
        hidden = asker not in self.people or self.people[asker]["paused"] or self.apart(who, asker)
        refused = who not in self.people or (answer == "accept" and self.people[who]["paused"])
        if refused or hidden or (ask is None and not again):
            with pytest.raises(MemberError):
                press(who, asker)
            return
        press(who, asker)
        if ask is not None:
            if answer == "accept":
                self.agreed(ask)
            else:
                ask["state"] = "declined"

    @rule(pair=pairs)
    def withdraw(self, pair):
        seeker, other = pair
        # To the seeker, what was declined looks open until its time is over.
        found = [
            ask
            for ask in self.between(*pair)
            if ask["seeker"] == seeker
            and ask["state"] in ("asked", "declined")
            and ask["at"] >= self.clock.now - timedelta(days=ANSWER_DAYS)
        ]
        if seeker not in self.people or not found:
            with pytest.raises(MemberError):
                self.peers.withdraw(seeker, other)
        else:
            self.peers.withdraw(seeker, other)
            found[0]["state"] = "withdrawn"

    @rule(who=members, named=st.booleans())
    def ask_peers(self, who, named):
        if who not in self.people or self.people[who]["paused"]:
            with pytest.raises(MemberError):
                self.peers.ask_peers(who, QUESTION, named=named)
            return
        self.asked_peers += 1  # the same question would stay with those who have it
        able = [one for one in IDS if self.may_find(who, one) and self.requests(one) < LIMIT]
        sent = [at for at, asker in self.questions if asker == who]
        today = sum(at >= self.clock.now - timedelta(days=1) for at in sent)
        if able and (today >= 3 or sum(at >= self.clock.now - timedelta(days=REQUEST_DAYS) for at in sent) >= 10):
            with pytest.raises(MemberError, match="that is the most"):
                self.peers.ask_peers(who, f"{QUESTION} {self.asked_peers}", named=named)
            return
        before = {one: len(self.peers.library.members.routes_of(one)) for one in IDS}
        outcome = self.peers.ask_peers(who, f"{QUESTION} {self.asked_peers}", named=named)
        asked = [one for one in IDS if len(self.peers.library.members.routes_of(one)) > before[one]]
        assert set(asked) <= set(able)
        assert outcome.peers == len(asked) == min(3, len(able))
        self.routes += [(self.clock.now, one, who) for one in asked]
        self.questions += [(self.clock.now, who)] if asked else []

    @precondition(lambda self: any(self.peers.questions_for(one) for one in self.people))
    @rule(data=st.data())
    def reply(self, data):
        who = data.draw(st.sampled_from(sorted(one for one in self.people if self.peers.questions_for(one))))
        self.peers.reply(who, self.peers.questions_for(who)[0].question_id, "We opened ours.")

    @rule(days=st.integers(1, 20))
    def time_passes(self, days):
        self.clock.forward(days=days)

    # -- what must always hold

    @invariant()
    def standings_are_as_the_rules_say(self):
        for who in self.people:
            shown = {one.introduction_id: (one.state, one.mine) for one in self.peers.standings(who)}
            expected = {}
            for ask in self.asks:
                in_time = ask["at"] >= self.clock.now - timedelta(days=ANSWER_DAYS)
                if ask["seeker"] == who:
                    pending = ask["state"] in ("asked", "declined")
                    state = ("asked" if in_time else "lapsed") if pending else ask["state"]
                    expected[ask["id"]] = (State(state), True)
                elif ask["other"] == who and ask["state"] != "withdrawn" and self.shows_up(ask["seeker"], who):
                    state = "lapsed" if ask["state"] == "asked" and not in_time else ask["state"]
                    expected[ask["id"]] = (State(state), False)
            assert shown == expected

    @invariant()
    def nobody_is_shown_who_may_not_be(self):
        """No list, notice, question, reply, export or file says an id that its reader may not see."""
        due = self.peers.due()
        for viewer in self.people:
            told = [one.model_dump(mode="json") for one in due if one.member_id == viewer]
            seen = {
                "match": self.peers.match(viewer, k=10).model_dump(mode="json"),
                "topic": self.peers.match(viewer, k=10, topic=QUESTION).model_dump(mode="json"),
                "standings": [one.model_dump(mode="json") for one in self.peers.standings(viewer)],
                "due": told,
                "questions": [one.model_dump(mode="json") for one in self.peers.questions_for(viewer)],
                "replies": [one.model_dump(mode="json") for one in self.peers.replies(viewer)],
                "export": self.peers.export(viewer).model_dump(mode="json", exclude={"blocked"}),
            }
            for what, value in seen.items():
                text = json.dumps(value)
                for other in IDS:
                    if other != viewer and other in text:
                        may = self.may_show(viewer, other) or (what == "due" and self.met(viewer, other))
                        assert may, f"{viewer} sees {other} in {what}"
            # One's own list of blocks is one's own.
            mine = {whom for who, whom in self.blocks if who == viewer and whom in self.people}
            assert mine <= set(self.peers.export(viewer).blocked) <= mine | (set(IDS) - self.people.keys())

    @invariant()
    def learning_sets_hold_only_who_may_be_found(self):
        able = {who for who in self.people if self.there(who)}
        if len(able) < 3:
            return
        found = self.peers.learning_sets(SetRules(3, 4), seconds=5)
        assert {one for group in found.sets for one in group.members} | set(found.unplaced) == able
        for group in found.sets:
            assert not any(self.apart(one, other) for one in group.members for other in group.members)


TestHistory = History.TestCase
TestHistory.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
