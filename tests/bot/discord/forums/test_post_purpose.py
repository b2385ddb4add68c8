"""Posts that ask, and posts that only tell."""

import pytest

from bot.discord.forums.post_purpose import asks, sorted_tags

ASKING = [
    ("How do we advertise Band 2 vacancies to local residents?", ""),
    ("Has anyone measured social value?", ""),
    ("Social value", "Hi all, we are new here. Has anyone measured it with a small team?"),
    ("Looking for examples of community gardens", ""),
    ("Struggling with procurement thresholds", "We are struggling to split contracts. Any advice welcome."),
    ("Apprenticeship levy transfer", "Could anyone share a template? Ours was refused."),
    ("Advice needed: living wage", ""),
    ("Living wage in contracts?", ""),
    ("Recruitment", "We have few applicants from nearby. How did you reach them?"),
    ("Anchor charter", "I wonder whether a charter is worth the time."),
    ("Vacancies: has anyone tried job fairs?", ""),
    ("Travel to work", "What works for night staff? We closed our bus."),
]
TELLING = [
    ("Job: Anchor Programme Manager, Band 8a", "The closing date is 4 May. Apply here: https://example.org"),
    ("We are hiring an anchor lead", "Are you passionate about communities?"),
    ("Exciting opportunity", "Full-time, fixed term, salary £41,000. Could this be you?"),
    ("Fancy a new job?", "Salary £32,000 pro rata. Apply by Friday."),
    ("Webinar on estates", "Join us on 3 June. Register here."),
    ("Introductions", "Hi, I am Sam from a sample trust. Nice to meet you all!"),
    ("Our annual report is out", "It tells what we did last year."),
    ("Volunteer coordinator wanted", "Interested? Please apply via our website. Interviews on 3 May."),
    ("Could you be our next anchor lead?", "Band 7, closing date 4 May."),
    ("Newsletter 12", "Here is the newsletter of our network."),
]


@pytest.mark.parametrize(("title", "text"), ASKING)
def test_these_ask(title, text):
    assert asks(title, text, [])


@pytest.mark.parametrize(("title", "text"), TELLING)
def test_these_only_tell(title, text):
    assert not asks(title, text, [])


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["Jobs & vacancies"], False),
        (["Events"], False),
        (["Help wanted", "Employment"], True),
        (["Question", "Solved"], False),
        (["Employment"], True),
        (["Unsolved"], True),
    ],
)
def test_tags_count_first(tags, expected):
    assert asks("How do others do this?", "", tags) is expected


def test_topics_are_the_tags_that_say_nothing_of_the_kind():
    assert sorted_tags(["Question", "Procurement", "Solved", "Land and buildings"]).topics == (
        "Procurement",
        "Land and buildings",
    )
