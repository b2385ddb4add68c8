"""Texts of the Discord face: a member's profile."""

PROFILE = "Your profile for finding peers: make it, change it, be found or not, pause or leave"
AGREE = "I agree, go on"
NOT_NOW = "Not now"
NOTHING_KEPT = "All right, nothing was kept. `/profile` is there whenever you like."
CONSENT_CHANGED = "The text has changed since you saw it. Please read it again:"
FORM_KEPT = (
    "What you typed is not part of your profile yet. I keep it for a week; it comes up again when you agree, and goes "
    "at once when you choose “Not now”."
)
CONSENT_FOOT = "Everything in a profile is optional, and it takes less than five minutes."

TITLE = "Your profile"
FINDABLE = "You can be found: members whom you may help see your name, role, organisation and what you wrote."
NOT_FINDABLE = "You cannot be found: nobody sees this profile but you."
PAUSED = (
    "You are paused: nobody is sent to you, and nobody sees you. (I also do this when my messages cannot reach you.)"
)
THIN = "So far it says little. A sentence on what you look for makes the best matches."
WAITING = "I will tell you when somebody fits."
EMPTY = "not said"
FIELDS = {
    "display_name": "Name shown",
    "role": "Role",
    "organisation": "Organisation",
    "sector": "Sector",
    "nation": "Nation",
    "region": "Region",
    "pillars": "Pillars",
    "level": "Level",
    "stage": "Stage",
    "working_on": "Working on",
    "can_offer": "Can offer",
    "looking_for": "Looking for",
}
HELP = {
    "sector": "What sort of organisation you work for",
    "pillars": "What your anchor work is about; several if you like",
    "level": "At which scale you work",
    "stage": "How far your anchor work has come",
    "working_on": "For example: supported internships with two colleges",
    "can_offer": "For example: our contract clauses; a visit; half an hour's call",
    "looking_for": "For example: how others measured what changed",
    "region": "For example: North West, Fife, Gwent",
    "requests": "How many members a month may ask to meet you",
}
REQUESTS = "Requests a month"
USUAL_REQUESTS = "The usual number"
FORMS = {"about": "Where you are", "words": "Your work in your words", "name": "Name, region, requests"}
BUTTONS = {"about": "Sector, place, stage", "words": "My work in words", "name": "Name, region, requests"}
BE_FOUND = "Let members find me"
DO_NOT_BE_FOUND = "Do not let members find me"
PAUSE = "Pause"
RESUME = "End the pause"
LEAVE = "Leave"
FIND = "Find members"
LEAVE_SURE = (
    "This deletes your profile, your introductions and your questions to members, at once and for good. Shared "
    "examples and forum posts stay; `/forget-me` deletes everything."
)
LEAVE_YES = "Delete my profile"
LEFT = "Your profile and all that belonged to it are deleted."
STAY = "Keep it"
CHOOSE = "Choose, or leave it"
