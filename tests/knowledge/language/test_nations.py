from knowledge.domain.vocabulary import Nation
from knowledge.language.nations import home_nation, is_nation_adjective, nation_terms, read_places


def test_no_place_is_in_two_nations():
    places = [(place, nation) for nation, names in read_places().items() for place in names]
    assert len({place for place, _ in places}) == len(places) > 200


def test_a_nation_is_known_by_its_name_and_its_adjective():
    assert home_nation("WALES") == home_nation("Welsh") == Nation.WALES
    assert home_nation("ireland") is None
    assert is_nation_adjective("northern irish")
    assert not is_nation_adjective("scotland")
    assert nation_terms(Nation.SCOTLAND) == ("scotland", "scottish")
