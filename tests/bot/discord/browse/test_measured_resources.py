"""/resources for what says how it was measured."""

from bot.discord.browse import library_queries, texts
from bot.discord.browse.views import chosen_from
from bot.discord.runtime import texts as runtime_texts
from indexer.pipeline import Indexer
from knowledge.domain.vocabulary import Measured, Nation, Pillar
from knowledge.guidance.indicators import NOBODY_MEASURED
from tests.bot.conftest import said, text_in
from tests.knowledge.guidance.test_indicators import JOBS, MEASURED, PROJECT


async def test_resources_are_restricted_to_what_says_how_it_was_measured(channel, member, filled, sources):
    for number in range(8):
        (sources / f"measured{number}.md").write_text(
            f"---\ntitle: Counted {number}\nkind: case_study\nmeasured:\n  - indicator: jobs\n"
            f"    baseline: {number or ''}\n---\n\nThe council counted jobs.\n"
        )
    Indexer(filled).add([str(sources)])
    result = await member.slash(channel, "resources", measured="measured against a baseline")
    assert "Page 1 of 2, 7 in all" in said(result)
    assert "Measured: jobs (before: 1)" in said(result)
    assert "Counted 0" not in said(result)
    await member.click(result.response, label=runtime_texts.NEXT)
    assert "Page 2 of 2" in text_in(result.response)
    assert "8 in all" in said(await member.slash(channel, "resources", measured="indicator"))


def test_a_button_of_an_earlier_release_still_turns_the_page():
    assert chosen_from("employment:-:2") == (library_queries.Chosen(Pillar.EMPLOYMENT, None, None), 2, 0)
    assert chosen_from("-:wales:-:4.1") == (library_queries.Chosen(None, Nation.WALES, None), 4, 1)
    assert chosen_from("-:wales:baseline:0") == (library_queries.Chosen(None, Nation.WALES, Measured.BASELINE), 0, 0)


async def test_measure_shows_what_others_measured_or_that_nobody_did(channel, member, filled, sources):
    (sources / "entry.md").write_text(JOBS + MEASURED)
    Indexer(filled).add([str(sources)])
    text = said(await member.slash(channel, "measure", project=PROJECT))
    assert "- local people recruited (before: 10 in 2020; period: two years) `[1]`" in text
    assert "“The trust counted the local people whom it recruited.”" in text
    nobody = said(await member.slash(channel, "measure", project="Zebra crossings before polar stations"))
    assert f"{NOBODY_MEASURED} {texts.MEASURE_NOBODY}" in nobody
