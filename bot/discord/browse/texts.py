"""Texts of the Discord face: finding one's way."""

from bot.texts import welcome
from knowledge.guidance.first_steps import StepKind

START = "New to anchor work, or new here? Make four choices and see where to begin"
START_TITLE = "Find your way in"
START_STAGE = "How far along is your anchor work?"
START_PILLAR = "What do you want to work on?"
START_NATION = "Where do you work?"
START_SECTOR = "What sort of organisation?"
START_BEGIN_WITH = "To begin with"
START_LESSON = "One that did not go to plan"
START_EVENT = "Next event"
START_NOTHING = "The library holds nothing on this yet. Try `/ask`, or browse everything with `/resources`."
START_NO_LESSON = "The library holds no such example on this yet."
START_NO_EVENT = "No event has been announced. `/events` shows past ones."
START_STEPS = {
    StepKind.WHAT_AN_ANCHOR_IS: "What an anchor is",
    StepKind.HOW_TO_START: "How to get started",
    StepKind.HOW_TO_GO_ON: "How to go about it",
    StepKind.NEAR_EXAMPLE: "An example near you",
    StepKind.EXAMPLE: "An example",
    StepKind.PEERS_WORK: "Work of peers",
    StepKind.NATIONAL_BODY: "From a national body",
    StepKind.MEASUREMENT: "How it was measured",
    StepKind.MORE: "Also worth reading",
}
START_PEERS = "{count} can be found here who may be able to help with this: `/peers` shows who"
START_NO_PEERS = "Meet members who have done this for as long as you: `/peers`."
START_MEASURE = "`/measure` shows what others measured in work like yours."
START_NEXT = "Ask your own question with `/ask`, or browse everything with `/resources`."

STAGES = {
    "starting": ("Just starting", "getting started with anchor work: first steps"),
    "early": ("Early: some work is under way", "putting anchor work into practice and measuring it"),
    "established": ("Established: we have done this for years", "sustaining, scaling and spreading anchor work"),
}

HELP = "What I can do, and what becomes of your questions"
HELP_LANGUAGE = "In which language"
# Shown by /help. Each is translated as a whole: see bot/texts/languages.
HELP_GREETING = welcome.GREETING
HELP_EVIDENCE = welcome.EVIDENCE
HELP_ASK = (
    "**Ask me.** Type `/ask` with a question in your own words. Only you see the answer, unless you choose to share "
    "it. You can also mention me in a channel, or send me a direct message."
)
HELP_FIND = (
    "**Find your way.** `/start` gives you three things to begin with. `/resources` lists what there is, `/digest` "
    "what is new, `/events` what is on, and `/glossary` explains the words."
)
HELP_SHARE = (
    "**Share what you did.** `/share` takes five minutes, and what did not go to plan helps just as much. You see it "
    "before anybody else does. `/my-examples` shows how far it has got."
)
HELP_PEERS = (
    "**Find people.** In `/profile` you say what you work on and what you are looking for; nobody can find you until "
    "you switch that on. `/peers` shows members who may be able to help, with reasons, and I introduce you when you "
    "both want it."
)
HELP_PRIVACY = (
    "**Your questions are yours.** I keep questions without the name of whoever asked. `/privacy` shows what I keep "
    "about you, `/my-data` gives it to you as a file, and `/forget-me` deletes it all."
)

RESOURCES = "What the library holds, by pillar, nation and how it was measured"
RESOURCES_PILLAR = "One of the five pillars"
RESOURCES_NATION = "One of the nations"
RESOURCES_MEASURED = "Only what says how it was measured"
RESOURCES_MEASURE = "Measured: {measure}"
RESOURCES_TITLE = "In the library"
RESOURCES_NONE = "Nothing in the library matches. Try fewer filters."
RESOURCES_UNKNOWN = "I do not know “{word}”. Choose one of these: {words}."
PAGE = "Page {page} of {pages}, {total} in all"

MEASURE = "Ideas for what to measure, from what others measured in work like yours"
MEASURE_PROJECT = "What your project does, in a sentence or two; it is not kept"
MEASURE_PILLAR = "Only what was measured for this pillar"
MEASURE_SOURCES = "Where it says so"
MEASURE_NOBODY = "Try other words, or ask members who do such work: `/peers`."

EVENTS = "What is on: this server's events and the library's, the next one first"
EVENTS_COMING = "Coming up"
EVENTS_NONE = "Nothing is announced at the moment."
EVENTS_PAST = "Past events in the library"
EVENT_NEXT = "Next event on this:"
EVENT_HERE = "on this server"
EVENT_FROM_LIBRARY = "from the library's calendar"

GLOSSARY = "What a word of the network means"
GLOSSARY_TERM = "The word, or the letters of an acronym"
GLOSSARY_UNKNOWN = "The glossary does not know “{term}”. `/ask` may find where it is used."
GLOSSARY_NEAR = "Did you mean one of these: {words}?"
GLOSSARY_STANDS_FOR = "**{short}** stands for {long}."
