"""Rules about application commands that Discord's description leaves out."""

import re

CHAT, USER, MESSAGE = 1, 2, 3
GROUPS = (1, 2)
MOST = {CHAT: 100, USER: 15, MESSAGE: 15}
MOST_CHARACTERS = 8000
_NAME = re.compile(r"[-_'\w]{1,32}")


def command_faults(commands):
    """What Discord would refuse in a list of commands."""
    found = []
    for kind, most in MOST.items():
        names = [command["name"] for command in commands if command.get("type", CHAT) == kind]
        found += [f"the command {name!r} is there twice" for name in {n for n in names if names.count(n) > 1}]
        found += [f"{len(names)} commands of type {kind}"] if len(names) > most else []
    for command in commands:
        if command.get("type", CHAT) == CHAT:
            found += _named(command)
            if _characters(command) > MOST_CHARACTERS:
                found.append(f"/{command['name']} has more than {MOST_CHARACTERS} characters")
        elif not 1 <= len(command["name"]) <= 32 or command.get("description") or command.get("options"):
            found.append(f"the menu entry {command['name']!r}")
    return found


def _named(command):
    where, name = f"/{command['name']}", command["name"]
    found = [] if _NAME.fullmatch(name) and name == name.lower() else [f"{where}: the name"]
    if not 1 <= len(command.get("description", "")) <= 100:
        found.append(f"{where}: the description has 1 to 100 characters")
    options = command.get("options", [])
    names = [option["name"] for option in options]
    if len(set(names)) < len(names) or len(names) > 25:
        found.append(f"{where}: options")
    required = [bool(option.get("required")) for option in options if option["type"] not in GROUPS]
    if sorted(required, reverse=True) != required:
        found.append(f"{where}: a required option after one that is not")
    for option in options:
        found += [f"{where} {fault}" for fault in _named(option)]
        if len(option.get("choices", ())) > 25 or (option.get("choices") and option.get("autocomplete")):
            found.append(f"{where} {option['name']}: choices")
    return found


def _characters(command):
    choices = sum(len(choice["name"]) + len(str(choice["value"])) for choice in command.get("choices", ()))
    own = len(command["name"]) + len(command.get("description", "")) + choices
    return own + sum(_characters(option) for option in command.get("options", ()))
