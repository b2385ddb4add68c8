"""Rules about components in messages and modals that Discord's description leaves out."""

BUTTON, SELECTS, TEXT_INPUT, LABEL, TEXT_DISPLAY, CONTAINER, SECTION = 2, (3, 5, 6, 7, 8), 4, 18, 10, 17, 9
STRING_SELECT, ROW, LINK = 3, 1, 5
MOST_COMPONENTS, MOST_TEXT = 40, 4000


def walk(components):
    """Every component, nested ones too."""
    for component in components or ():
        yield component
        yield from walk(component.get("components"))
        yield from walk(filter(None, [component.get("accessory"), component.get("component")]))


def component_faults(components, *, modern):
    """What is wrong with a message's components; `modern` when the flag for Components V2 is set."""
    every = list(walk(components))
    found = _duplicates(every)
    for component in every:
        found += _faults_of(component)
    if modern:
        if len(every) > MOST_COMPONENTS:
            found.append(f"{len(every)} components, {MOST_COMPONENTS} allowed")
        text = sum(len(component["content"]) for component in every if component["type"] == TEXT_DISPLAY)
        if text > MOST_TEXT:
            found.append(f"{text} characters of text, {MOST_TEXT} allowed")
    else:
        if any(component["type"] != ROW for component in components or ()):
            found.append("without the flag only rows are allowed")
        if len(components or ()) > 5:
            found.append("more than five rows")
    return found


def modal_faults(modal):
    """What is wrong with a modal."""
    found = _length("title", modal.get("title"), 1, 45) + _length("custom_id", modal.get("custom_id"), 1, 100)
    components = modal.get("components", [])
    if not 1 <= len(components) <= 5:
        found.append(f"a modal with {len(components)} components")
    every = list(walk(components))
    found += _duplicates(every)
    for component in every:
        found += _faults_of(component)
        if component["type"] == LABEL:
            found += _length("label", component.get("label"), 1, 45)
            found += _length("description", component.get("description", "x"), 1, 100)
    return found


def _duplicates(every):
    ids = [component["custom_id"] for component in every if component.get("custom_id")]
    numbers = [component["id"] for component in every if component.get("id")]
    found = [f"custom_id {name!r} is there twice" for name in {i for i in ids if ids.count(i) > 1}]
    return found + [f"id {number} is there twice" for number in {n for n in numbers if numbers.count(n) > 1}]


def _faults_of(component):
    kind = component["type"]
    if kind == ROW:
        return _row(component.get("components", []))
    if kind == BUTTON:
        return _button(component)
    if kind in SELECTS:
        return _select(component)
    if kind == TEXT_DISPLAY:
        return [] if component.get("content", "").strip() else ["a text without text"]
    if kind == SECTION:
        return [] if 1 <= len(component["components"]) <= 3 else ["a section takes one to three texts"]
    if kind == CONTAINER:
        return [] if component.get("components") else ["an empty container"]
    if kind == TEXT_INPUT:
        return _length("custom_id", component.get("custom_id"), 1, 100)
    return []


def _row(children):
    kinds = {child["type"] for child in children}
    if not children:
        return ["an empty row"]
    if len(children) > 5:
        return ["more than five buttons in a row"]
    return ["a select shares its row"] if kinds & set(SELECTS) and len(children) > 1 else []


def _button(button):
    found = _length("label", button.get("label", "x"), 1, 80)
    if not button.get("label") and not button.get("emoji"):
        found.append("a button without a label")
    if button["style"] == LINK:
        return found + (["a link with a custom_id"] if button.get("custom_id") else [])
    return found + _length("custom_id", button.get("custom_id"), 1, 100)


def _select(select):
    found = _length("custom_id", select.get("custom_id"), 1, 100)
    found += _length("placeholder", select.get("placeholder") or "x", 1, 150)
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not 0 <= least <= most <= 25:
        found.append(f"min_values {least}, max_values {most}")
    if select["type"] != STRING_SELECT:
        return found + (["more defaults than values"] if len(select.get("default_values", ())) > most else [])
    options = select.get("options", [])
    if not 1 <= len(options) <= 25 or most > len(options):
        found.append(f"{len(options)} options for up to {most} values")
    values = [option["value"] for option in options]
    if len(set(values)) < len(values):
        found.append("an option's value is there twice")
    for option in options:
        found += _length("option label", option["label"], 1, 100) + _length("option value", option["value"], 1, 100)
        found += _length("option description", option.get("description") or "x", 1, 100)
    if sum(bool(option.get("default")) for option in options) > most:
        found.append("more defaults than values")
    return found


def _length(name, text, least, most):
    return (
        [] if text is not None and least <= len(text) <= most else [f"{name} {text!r:.60} is not {least}-{most} long"]
    )
