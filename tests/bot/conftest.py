"""Every request body that the bot sends in any of these tests is held against what Discord accepts."""

import functools

import pytest
from simcord.http import router

from tests.bot.discord_rules import Description, faults
from tests.conftest import SHARED

_DESCRIPTION = SHARED / "discord" / "openapi.json"


@functools.cache
def discord_description():
    """Discord's description of its API, or `None` where it is not at hand."""
    return Description(_DESCRIPTION) if _DESCRIPTION.is_file() else None


def pytest_report_header():
    if not _DESCRIPTION.is_file():
        return "Discord's API description is not here (../shared): only the rules beyond it are checked"
    return None


@pytest.fixture(autouse=True)
def discord_faults(monkeypatch):
    """What Discord would have refused of this test's requests; a test that means to send such a thing empties it."""
    found = []
    dispatch = router.dispatch

    def checked(backend, method, path, **rest):
        before = len(backend.http_requests)
        try:
            return dispatch(backend, method, path, **rest)
        finally:
            for request in backend.http_requests[before : before + 1]:
                found.extend(faults(discord_description(), request))

    monkeypatch.setattr(router, "dispatch", checked)
    yield found
    assert found == []
