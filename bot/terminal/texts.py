"""Texts of the terminal face."""

WELCOME = "HALN Assistant: ask about anchor work. Every answer shows its sources. Leave with 'exit'."
PROMPT = "\nYour question: "
LEAVE_WORDS = frozenset({"exit", "quit", ":q"})
UNDERSTOOD = "Understood as: {question}"
FIND_PEOPLE = "To find members to talk to: `haln peers match YOUR-ID --topic WORDS`, or /peers on Discord."
WRITING = "A language model is putting it into words ..."
WRITTEN = "In other words"
LOADING = "Loading the language model; this takes a moment ..."
READING = "Reading the library ..."
NO_RESULTS = "Nothing found. Try other words, or fewer filters."
SOURCES = "Sources"
RESOURCES_TOO = "In the library:"
WORK_ON_THIS = (
    "{count} can be found here who may be able to help with this. "
    "To see who: haln peers match YOUR-MEMBER-ID --topic {topic}"
)

NEAREST_PEERS = "Nearest, though they may not help with what you look for:"
SOMEBODY = "a member"
YOU_ASKED = "{id}  you asked {who} on {day}: {state}"
BY_COFFEE = "{id}  the coffee rota introduced you to {who} on {day}"
ASKS_YOU = "{id}  {who} asked you on {day}: {state}"
ABOUT = "    About: {topic}"
ANSWER = "    Answer with `haln peers accept {member} {id}` or `haln peers decline {member} {id}`."
TAKE_BACK = "    Take it back with `haln peers withdraw {member} {id}`."
NO_INTRODUCTIONS = "No introductions."
ASKED = "{other} is asked whether they want to meet you. The introduction's id is {id}."
BOTH_ASKED = "{other} had asked you already, so you are introduced. The introduction's id is {id}."
ACCEPTED_ALREADY = "It was accepted already."

WITHOUT_SET = "Without a set ({reason}): {ids}."
MORE_SECONDS = "There was no time to weigh every possibility: better sets may exist. --seconds allows more."

COFFEE_IN = "{member} takes part in the coffee rota."
COFFEE_PAUSED = "{member} takes part in the coffee rota, with a pause until {day}."
COFFEE_OUT = "{member} does not take part in the coffee rota. --join lets them."
