"""Backups by themselves: when one is due, and that a wrong clock deletes none."""

from datetime import timedelta

import pytest

from knowledge.backup.schedule import back_up, backups_in
from tests.knowledge.backup.conftest import NOW, doors
from tests.knowledge.matching.people import GARDEN, add


@pytest.fixture
def scheduled(filled, settings, tmp_path):
    return settings.model_copy(update={"backup_folder": tmp_path / "backups", "backup_hours": 24, "backup_keep": 3})


def names(settings):
    return [path.name for _, path in backups_in(settings.backup_folder)]


def test_one_a_day_is_made_and_the_oldest_go_with_their_keys(scheduled):
    for hour in range(0, 24 * 6, 6):
        made = back_up(scheduled, NOW + timedelta(hours=hour))
        assert (made is not None) == (hour % 24 == 0)
    assert names(scheduled) == ["haln-20260604-120000.db", "haln-20260605-120000.db", "haln-20260606-120000.db"]
    assert len(list(scheduled.backup_folder.iterdir())) == 6


def test_what_else_lies_there_stays(scheduled):
    scheduled.backup_folder.mkdir()
    (scheduled.backup_folder / "haln-notes.db").write_text("mine")
    for day in range(6):
        back_up(scheduled, NOW + timedelta(days=day))
    assert (scheduled.backup_folder / "haln-notes.db").read_text() == "mine"


@pytest.mark.parametrize("jump", [timedelta(days=1000), timedelta(days=-20_000)])
def test_a_clock_that_jumps_makes_a_backup_and_deletes_none(scheduled, jump, caplog):
    for day in range(3):
        back_up(scheduled, NOW + timedelta(days=day))
    before = names(scheduled)
    back_up(scheduled, NOW + jump)
    for day in range(3, 5):
        back_up(scheduled, NOW + timedelta(days=day))
    if jump > timedelta():
        assert set(before[1:]) <= set(names(scheduled))
    else:
        assert len(names(scheduled)) == 3
    assert "clock" in caplog.text


def test_nothing_is_made_without_a_folder_in_the_settings(filled, settings):
    assert back_up(settings, NOW) is None


def test_the_notes_of_erasures_are_copied_to_the_backups_at_once(filled, scheduled):
    back_up(scheduled, NOW)
    peers, _, personal = doors(filled)
    filled.settings = scheduled
    add(peers, "5", GARDEN)
    personal.forget("5")
    noted = (scheduled.data_dir / "erasures.jsonl").read_text()
    assert (scheduled.backup_folder / "erasures.jsonl").read_text() == noted
    back_up(scheduled, NOW + timedelta(hours=1))
    assert (scheduled.backup_folder / "erasures.jsonl").read_text() == noted
