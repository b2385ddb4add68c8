"""Members on a simulated Discord, with the sample profiles that the matching's own tests use."""

import pytest

from knowledge.matching.peers import Peers
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, RememberingEmbedder, add

REFUSED = "Opening hospital or clinic grounds to the public in Narnia"


@pytest.fixture
def embedder():
    return RememberingEmbedder()


@pytest.fixture
def peers(filled, clock):
    """The members of the bot's library, as another process would see them."""
    return Peers(filled, clock)


@pytest.fixture
def seeker(member, peers):
    """A member who looks for what `helper` offers."""
    add(peers, str(member.id), WANTS_GARDEN, findable=False, display_name="Sample seeker")
    return member


@pytest.fixture
def helper(other, peers):
    add(peers, str(other.id), GARDEN, display_name="Sample helper", organisation="Sample House")
    return other


@pytest.fixture
def tick(simcord_env, clock, filled):
    """Let time pass for everybody; the clock is known to be right."""

    async def pass_(**amount):
        clock.pass_(**amount)
        filled.store.accept_clock(clock())
        await simcord_env.advance_time(70)

    return pass_


def dms(who):
    """The direct messages that the bot sent to somebody, oldest first."""
    return [message for message in who.user.dm_channel.history() if message.author.bot]
