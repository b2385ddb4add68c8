"""Two accounts of one person become one on PostgreSQL, too: every row that named the first names the second."""

from types import SimpleNamespace

import pytest

from bot.backend import Backend
from knowledge.domain.examples import Actor, Content, Role
from knowledge.library import Library
from tests.bot.web.test_discord_sign_in import (  # noqa: F401 - run here, too
    GARDEN,
    SAM,
    test_where_both_have_a_profile_the_one_from_discord_stays,
)
from tests.fakes import WordEmbedder
from tests.knowledge.matching.people import Clock, add

OTHER = "100000000000000010"
NOW = "2026-03-02T09:00:00.000+00:00"


@pytest.fixture
def members(settings):
    library = Library.open(settings, WordEmbedder)
    backend = Backend(library, Clock())
    yield SimpleNamespace(backend=backend)
    backend.check.close()
    library.close()


def test_what_was_the_mail_account_s_is_the_other_s_and_goes_with_it(members):
    backend = members.backend
    former = backend.library.accounts.account_for("sam@example.org", "web-aaaaaaaaaaaaa", NOW).member_id
    backend.library.accounts.account_of_discord(SAM, NOW)
    add(backend.peers, former, GARDEN, display_name="Sample")
    add(backend.peers, OTHER, GARDEN)
    asked = backend.peers.ask(former, OTHER, "Gardens")
    backend.examples.draft(Actor(former, Role.MEMBER), Content(what="Beans"), origin="web")
    backend.peers.block(former, "100000000000000011")
    answer = backend.assistant.of_member(former).ask("Who grows beans?")
    assert backend.library.late_writes.finish()
    backend.privacy.join(former, SAM)
    assert backend.privacy.traces(former) == {"former_accounts": 1}
    assert [one.introduction_id for one in backend.peers.standings(SAM)] == [asked.id]
    assert [one.content.what for one in backend.examples.data_of(Actor(SAM, Role.MEMBER))] == ["Beans"]
    assert backend.library.accounts.account_with("sam@example.org").member_id == SAM
    assert answer.question_id is not None
    backend.privacy.forget(SAM)
    assert backend.privacy.traces(SAM) == backend.privacy.traces(former) == {}
