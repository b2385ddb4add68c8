"""The permission matrix as it is written out: each audience by each role in each place."""

import pytest

from knowledge.domain.examples import Role
from knowledge.permissions import Audience, Face, Place, Refusal, asks_role, audience_of, matrix, refusal

OUT, MEM, MOD, ADM, BAN, SYS = Role.OUTSIDER, Role.MEMBER, Role.MODERATOR, Role.ADMIN, Role.BANNED, Role.SYSTEM
PEOPLE = {OUT, MEM, MOD, ADM, BAN}
MEMBERS, TEAM = {MEM, MOD, ADM, BAN}, {MOD, ADM}
# Who gets in, by the place; who is not named, does not.
TABLE = {
    Audience.NETWORK: {Place.SERVER: PEOPLE, Place.PRIVATE: PEOPLE, Place.WEB: PEOPLE},
    Audience.OWN: {Place.SERVER: PEOPLE, Place.PRIVATE: PEOPLE, Place.WEB: MEMBERS},
    Audience.OWN_OR_TEAM: {Place.SERVER: PEOPLE, Place.PRIVATE: PEOPLE, Place.WEB: MEMBERS},
    Audience.MEMBERS: {Place.SERVER: MEMBERS, Place.PRIVATE: MEMBERS, Place.WEB: MEMBERS},
    Audience.TEAM: {Place.SERVER: TEAM, Place.WEB: TEAM},
    Audience.CHANNEL_TEAM: {Place.SERVER: TEAM, Place.WEB: TEAM},
    Audience.ADMINS: {Place.SERVER: {ADM}, Place.WEB: {ADM}},
    Audience.ADMINS_ANYWHERE: {Place.SERVER: {ADM}, Place.ELSEWHERE: {ADM}, Place.WEB: {ADM}},
    Audience.PROGRAMS: {Place.WEB: {SYS}},
    Audience.OPERATOR: {Place.MACHINE: PEOPLE},
    Audience.NOBODY: {},
}


def test_the_table_is_whole():
    assert set(TABLE) == set(Audience)


@pytest.mark.parametrize("audience", Audience)
def test_who_gets_in_where(audience):
    for place in Place:
        if audience is Audience.PROGRAMS and place is not Place.WEB:
            continue
        for role in PEOPLE | ({SYS} if audience is Audience.PROGRAMS else set()):
            if place is Place.MACHINE and audience is not Audience.OPERATOR:
                continue  # whoever is at the machine needs no door
            allowed = role in TABLE[audience].get(place, set())
            assert (refusal(audience, role, place) is None) is allowed, (place, role)


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("place", [Place.SERVER, Place.ELSEWHERE, Place.PRIVATE])
def test_where_no_role_is_looked_up_it_makes_no_difference(audience, place):
    if audience is not Audience.PROGRAMS and not asks_role(audience, place):
        roles = MEMBERS if place is Place.SERVER else PEOPLE  # who is on a server is a member
        assert len({refusal(audience, role, place) for role in roles}) == 1


def test_what_is_in_no_row_is_open_to_nobody():
    assert audience_of(Face.DISCORD, "no_such_button") is Audience.NOBODY
    assert {refusal(Audience.NOBODY, role, place) for role in Role for place in Place} == {Refusal.NOT_OFFERED}


@pytest.mark.parametrize("face", Face)
def test_nothing_is_in_two_rows(face):
    from knowledge.permissions import _ROWS

    names = [name for row in _ROWS[face].values() for name in row.split()]
    assert sorted(names) == sorted(matrix(face))
