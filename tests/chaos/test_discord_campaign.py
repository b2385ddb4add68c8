"""A short form of the Discord campaign; `make chaos` has ten thousand interactions."""

import pytest

from tests.bot.conftest import clock, make_bot  # noqa: F401 - fixtures
from tests.bot.wire.server import GUILD, wire_discord
from tests.chaos.discord import Campaign


@pytest.mark.slow
async def test_each_of_many_interactions_is_acted_on_once_and_heard_of(make_bot, filled, monkeypatch):  # noqa: F811
    bot = make_bot(discord_servers=str(GUILD), questions_per_minute=1000)
    async with wire_discord(bot, monkeypatch) as server:
        campaign = Campaign(server, seed=3, slowest=0.4)
        await campaign.run(160)
        assert campaign.faults(filled) == []
        assert (
            min(campaign.done[kind] for kind in ("ask", "press", "mention", "failures", "slow", "drops", "replays")) > 0
        )
