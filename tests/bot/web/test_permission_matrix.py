"""Every page and the interface for programs, by each visitor: the matrix has a row for each, and the door keeps it."""

import re

import pytest
from starlette.routing import Route

from bot.web.app import create_app
from knowledge.domain.examples import Role
from knowledge.permissions import Audience, Face, Place, Refusal, matrix, refusal
from tests.bot.web.conftest import ADDRESS, Browser

TOKEN = "sample-token-of-the-interface"


def pages(app):
    routes = [route for route in app.routes if isinstance(route, Route)]
    return {f"{method}:{route.path}" for route in routes for method in route.methods - {"HEAD"}}


def test_each_page_is_in_the_matrix_and_nothing_else(site):
    assert pages(create_app(site)) == set(matrix(Face.WEB)), "say in knowledge/permissions.py who may see it"


@pytest.fixture
def visitors(members, sign_in):
    members.settings = members.settings.model_validate({**members.settings.model_dump(), "web_api_token": TOKEN})
    return {
        Role.OUTSIDER: Browser(create_app(members), base_url=ADDRESS),
        Role.MEMBER: sign_in("member@example.org"),
        Role.MODERATOR: sign_in("mo@example.net"),
    }


def test_the_door_keeps_to_the_matrix(visitors):
    for role, browser in visitors.items():
        tokens = {"csrf": browser.token()}
        for entry, audience in matrix(Face.WEB).items():
            method, _, path = entry.partition(":")
            if path == "/sign-out" or path.startswith(("/my-data/forget", "/sign-in")):
                continue  # these end or begin what the others are tested with
            address = re.sub(r"{\w+}", "none", path)
            data = tokens if method == "POST" else None
            got = browser.request(method, address, data=data, follow_redirects=False)
            refused = refusal(audience, role, Place.WEB)
            if refused is None:
                assert got.status_code not in (401, 403), (role, entry)
                assert not got.headers.get("location", "").startswith("/sign-in"), (role, entry)
            elif refused is Refusal.TEAM_ONLY and role is not Role.OUTSIDER:
                assert got.status_code == 403, (role, entry)
            else:
                to_sign_in = got.status_code == 303 and got.headers["location"].startswith("/sign-in")
                assert to_sign_in or got.status_code == 401, (role, entry)


def test_the_interface_is_open_to_the_token_alone(visitors):
    addresses = [entry for entry, audience in matrix(Face.WEB).items() if audience is Audience.PROGRAMS]
    assert len(addresses) >= 4
    for browser in visitors.values():
        for entry in addresses:
            method, _, path = entry.partition(":")
            for header, refused in (("", True), ("Bearer wrong", True), (f"Bearer {TOKEN}", False)):
                got = browser.request(method, path.format(document_id="none"), headers={"Authorization": header})
                assert (got.status_code == 401) is refused, (entry, header)
