"""A short form of the campaign over several processes; `make chaos` kills fifty, at the pace of the bots."""

import pytest

from tests.chaos import processes
from tests.contract.conftest import new_address, numbers, server  # noqa: F401 - fixtures


@pytest.mark.postgres
def test_what_a_killed_process_had_begun_is_gone_on_with_by_the_others_and_said_once(tmp_path, new_address):  # noqa: F811
    found = processes.campaign(tmp_path, new_address(), kills=2, ask=0.2)
    assert found["kills"] == 2
    assert min(found["acknowledged"].get(name, 0) for name in ("digest", "ask", "share")) > 0
