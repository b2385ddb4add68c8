"""Text as Discord shows it: what links, and what must not."""

import pytest

from bot.discord.runtime.components import left_out, pages_of, within
from bot.discord.runtime.markdown import address, capitalised, link, safe, safe_with_links

JOINER = "\u2060"


@pytest.mark.parametrize(
    "text",
    [
        "discord.gg/abc",
        "Come to discord.gg/abc today",
        "DISCORD.GG/abc",
        "discord.com/invite/abc",
        "discordapp.com/invite/abc",
        "seediscord.gg/abc",
    ],
)
def test_invites_without_a_scheme_are_no_links(text):
    shown = safe(text)
    assert JOINER in shown
    assert shown.replace(JOINER, "") == text
    assert "discord.gg" not in shown.casefold()
    assert "com/invite" not in shown or f"discord{JOINER}" in shown or f"discordapp{JOINER}" in shown


def test_the_word_discord_stays_as_it_is():
    assert safe("We meet on Discord. See discord.com/safety") == "We meet on Discord. See discord.com/safety"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See https://example.org/a_b.", "See <https://example.org/a_b>."),
        ("(https://example.org/a)", "(<https://example.org/a>)"),
        ("https://example.org/a_(b)", "<https://example.org/a_%28b%29>"),
        ("*x* https://a.org [y](https://b.org)", "\\*x\\* <https://a.org> \\[y\\](<https://b.org>)"),
        ("no address", "no address"),
        ("javascript://x", f"javascript{JOINER}://x"),
        ("@everyone https://a.org/@everyone", "@\u200beveryone <https://a.org/@everyone>"),
    ],
)
def test_addresses_that_somebody_sends_can_be_opened_and_nothing_else_is_markup(text, shown):
    assert safe_with_links(text) == shown


def test_no_address_ends_a_link_early_and_none_is_dropped():
    assert link("A", "https://en.example.org/x_(y) z") == "[A](<https://en.example.org/x_%28y%29%20z>)"
    assert address("https://a.org/<b>\\c") == "https://a.org/%3Cb%3E%5Cc"


def test_entries_are_never_dropped_and_the_longest_addresses_go_first():
    entries = [link("One", "https://example.org/" + "a" * 300), link("Two", "https://example.org/b")]
    assert within(entries, 1000) == entries
    assert within(entries, 100) == ["One (example.org)", "[Two](<https://example.org/b>)"]
    shown = within(["word " * 100, "short"], 200)
    assert len("\n".join(shown)) <= 200
    assert shown[1] == "short"


def test_pages_hold_so_many_entries_or_characters():
    entries = [f"{number:03}" + "x" * 97 for number in range(10)]
    assert [len(page) for page in pages_of(entries, 4, 1000)] == [4, 4, 2]
    assert [len(page) for page in pages_of(entries, 6, 210)] == [2] * 5
    assert [entry for page in pages_of(entries, 6, 210) for entry in page] == entries


def test_a_capital_at_the_beginning_leaves_the_rest():
    assert capitalised("not what I asked") == "Not what I asked"


def test_long_texts_are_cut_before_a_link_goes():
    entries = [link("Title", "https://example.org/" + "a" * 300), "A line of words.\n" * 100]
    shown = within(entries, 1000)
    assert shown[0] == entries[0]
    assert len("\n".join(shown)) <= 1000
    assert set(shown[1].split("\n")) == {"A line of words."}
    assert left_out(entries, shown) == []


def test_an_address_at_which_members_join_is_no_text_to_be_cut():
    joining = f"Call\n-# Monday · <https://teams.example.org/{'a' * 400}> · on this server"
    entries = [joining, link("Title", "https://example.org/" + "a" * 300)]
    shown = within(entries, 600)
    assert shown == [joining, "Title (example.org)"]


def test_what_link_had_no_room_is_known():
    entries = [link(f"A *title* {n}", "https://example.org/" + "a" * 300 + str(n)) for n in range(3)]
    shown = within(entries, 800)
    [(title, url)] = left_out(entries, shown)
    assert title in ("A *title* 0", "A *title* 1", "A *title* 2")
    assert url.startswith("https://example.org/aaa")
    assert all("*title" in entry for entry in shown)
