"""Takes the pictures anew: `python -m tests.pictures FOLDER` (needs `pip install simcord[preview]` and Chromium).

Everything in them is what the bot sent: the starter library, the bundled model, and invented members with sample names.
"""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

import simcord

from bot.discord.client import HalnBot
from bot.texts import discord as texts
from knowledge.settings import Settings

QUESTION = "What do housing associations do to support wellbeing?"
REFUSED = "How much does a hospital car park cost to build?"
CHOICES = {"stage": ["starting"], "pillar": ["employment"], "nation": ["england"], "sector": ["nhs_trust"]}
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars --force-device-scale-factor=2 "
    "--virtual-time-budget=4000"
).split()


async def take(env, channel, member, message, path, size):
    """One picture of one message."""
    browser = next(filter(None, map(shutil.which, _CHROMIUM)))
    width, height = size
    async with env.preview(channel, viewers=[member], width=width, height=height) as preview:
        await preview.show(message)
        with tempfile.TemporaryDirectory() as profile:
            arguments = [
                *_FLAGS,
                f"--user-data-dir={profile}",
                f"--screenshot={path}",
                f"--window-size={width},{height}",
            ]
            process = await asyncio.create_subprocess_exec(
                browser, *arguments, preview.url, stderr=asyncio.subprocess.DEVNULL
            )
            await asyncio.wait_for(process.wait(), 60)


async def main(folder):
    """All pictures."""
    with tempfile.TemporaryDirectory() as data:
        bot = HalnBot(Settings(data_dir=Path(data)))
        await bot.desk.ask(lambda assistant: assistant.warm_up())
        async with simcord.run(bot, settle_timeout=60) as env:
            guild = env.create_guild("HALN")
            channel = guild.create_text_channel("anchor-work")
            member = guild.add_member(env.create_user("sample_member", global_name="Sample Member"))
            asked = await member.slash(channel, "ask", question=QUESTION, share=True)
            await take(env, channel, member, asked.response.message, folder / "discord-answer.png", (760, 900))
            refused = await member.slash(channel, "ask", question=REFUSED)
            await take(env, channel, member, refused.response.message, folder / "discord-refusal.png", (760, 420))
            start = await member.submit_modal(await member.slash(channel, "start"), CHOICES)
            await take(env, channel, member, start.response.message, folder / "discord-start.png", (760, 620))
            told = await member.click(refused.response, label=texts.TELL_ME)
            assert texts.WILL_TELL in str(told.response.components)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
