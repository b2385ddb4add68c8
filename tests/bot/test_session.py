"""What commands say while they work."""

import io

from bot.session import patience


class _Screen(io.StringIO):
    def isatty(self):
        return True


def test_what_takes_long_is_said_in_a_terminal_and_nowhere_else(monkeypatch):
    screen = _Screen()
    monkeypatch.setattr("sys.stderr", screen)
    with patience("Wait.", after=0) as timer:
        timer.join()
    with patience("Never said.", after=3600):
        pass
    assert screen.getvalue() == "Wait.\n"
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with patience("Wait.", after=0) as timer:
        assert timer is None
