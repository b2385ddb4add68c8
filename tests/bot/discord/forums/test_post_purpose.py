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
    ("Opening hospital grounds to the public", ""),
    ("Salary of £32,000 for a connector: is this about right?", "We plan to advertise the post soon."),
    (
        "How to write a job advert that locals read",
        "We have Band 2 vacancies, closing date 3 May. What worked for you?",
    ),
    ("Vacancy rates", "We have 30% vacancies; the salary is the same as in shops. How do you compete?"),
    ("Permanent contracts for bank staff", "We have 40 porters who want permanent posts. Does it work?"),
    ("Evaluation wording", "We are about to write a tender. Has anybody a specification to share?"),
    ("Interviews without CVs", "We would like to try it. Did others' managers accept it?"),
    ("Does it matter who the anchor lead reports to", "Our chief executive asks."),
    ("Can you recommend a supplier database", "Thanks in advance"),
    ("Template for an anchor strategy", "Please share if you have one."),
    ("Join us?", "The city's network has asked us to join. Did it help you to join one?"),
    ("Dashboard", "Could someone send me theirs please"),
    ("Travel to work", "What works for night staff? We closed our bus."),
]
TELLING = [
    ("Job: Anchor Programme Manager, Band 8a", "The closing date is 4 May. Apply here: https://example.org"),
    ("We are hiring an anchor lead", "Are you passionate about communities?"),
    ("Exciting opportunity", "Full-time, fixed term, salary £41,000. Could this be you?"),
    ("Vacancy: anchor programme manager", ""),
    ("Fancy a new job?", "Salary £32,000 pro rata. Apply by Friday."),
    ("Webinar on estates", "Join us on 3 June. Register here."),
    ("Introductions", "Hi, I am Sam from a sample trust. Nice to meet you all!"),
    ("Our annual report is out", "It tells what we did last year."),
    ("Volunteer coordinator wanted", "Interested? Please apply via our website. Interviews on 3 May."),
    ("Could you be our next anchor lead?", "Band 7, closing date 4 May."),
    ("Looking for a new challenge?", "We have maternity cover, 12 months, £45k. Get in touch with Sam."),
    ("Do you want to make a difference?", "We are seeking a passionate project manager. Interviews on 10 July."),
    ("Have you seen our vacancy?", "Procurement lead, £50k."),
    ("Who wants to be our new director?", "£90k, closing soon."),
    ("Is this you?", "An experienced manager with five years in procurement. Apply via the link."),
    ("Trustee wanted", "Our charity is looking for a treasurer. Could you spare an evening a month?"),
    ("Graduate scheme now open", "Why work for us? Great pension. How to apply: see our site."),
    ("What is it like to work at Sample Trust?", "Find out at our open day on 3 May! Book your place."),
    ("Do you know somebody who would love this job?", "Community organiser, Hull, £29k."),
    ("What would you do with £5,000?", "Our small grants scheme is now open. Apply by 30 June."),
    ("Join our board", "Could you help guide our charity? We meet six times a year."),
    ("Reminder: the meeting is at 3 pm", ""),
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
