"""The view of one's own profile, and the one screen that members agree to first."""

from discord import ButtonStyle, ui

from bot.discord.peers import texts
from bot.discord.runtime.components import Item, button, page_view, within
from bot.discord.runtime.markdown import cut, safe
from knowledge.domain.members import Member
from knowledge.domain.vocabulary import Term

_MOST_TEXT = 3600
_MOST_FIELD = 500


def consent_view(text: str, version: str, *, changed: bool = False, kept: bool = False) -> ui.LayoutView:
    """Return what is kept, who sees it and for how long. `kept`: a form waits until they have agreed to this."""
    title, _, rest = text.partition("\n")
    parts = [texts.CONSENT_CHANGED] if changed else []
    parts += [texts.FORM_KEPT] if kept else []
    parts += [f"### {title.strip()}", rest.strip(), f"-# {texts.CONSENT_FOOT}"]
    return page_view(
        "\n".join(parts),
        button("profile_agree", version, texts.AGREE, ButtonStyle.success),
        button("profile_not_now", "", texts.PROFILE_NOT_NOW),
    )


def renewal_view(text: str, version: str) -> ui.LayoutView:
    """Return the same screen for whoever agreed to it a year ago and is asked to agree anew."""
    title, _, rest = text.partition("\n")
    return page_view(
        "\n".join([texts.RENEW_FIRST, f"### {title.strip()}", rest.strip()]),
        button("profile_renew", version, texts.RENEW_YES, ButtonStyle.success),
        button("profile_pause", "", texts.PAUSE),
        button("profile_leave", "", texts.LEAVE, ButtonStyle.danger),
    )


def no_profile_view() -> ui.LayoutView:
    """Return the message that a profile is needed, with the way to one."""
    return page_view(texts.NO_PROFILE, button("profile_start", "", texts.MAKE_PROFILE, ButtonStyle.primary))


def profile_view(member: Member) -> ui.LayoutView:
    """Return the profile with everything that its owner can do about it."""
    profile = member.profile
    state = texts.PAUSED if member.paused else texts.FINDABLE if member.findable else texts.NOT_FINDABLE
    lines = [f"### {texts.TITLE}", f"**{state}**"]
    if not (profile.looking_for or profile.can_offer or profile.working_on):
        lines.append(texts.THIN)
    if member.waiting:
        lines.append(texts.WAITING)
    for field, label in texts.FIELDS.items():
        lines.append(f"{label}: {_shown(getattr(profile, field))}")
    if member.most_requests is not None:
        lines.append(f"{texts.REQUESTS}: {member.most_requests}")
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay("\n".join(within(lines, _MOST_TEXT)))))
    view.add_item(ui.ActionRow(*(button("profile_edit", name, label) for name, label in texts.BUTTONS.items())))
    view.add_item(ui.ActionRow(*_switches(member)))
    view.add_item(
        ui.ActionRow(
            button("peers_find", "", texts.FIND, ButtonStyle.primary),
            button("intro_list", "", texts.INTRODUCTIONS),
            button("profile_leave", "", texts.LEAVE, ButtonStyle.danger),
        )
    )
    return view


def leave_view() -> ui.LayoutView:
    """Return the question whether they are sure to leave."""
    return page_view(
        texts.LEAVE_SURE,
        button("profile_left", "", texts.LEAVE_YES, ButtonStyle.danger),
        button("profile_show", "", texts.STAY),
    )


def _switches(member: Member) -> list[Item]:
    if member.findable:
        found = button("profile_hide", "", texts.DO_NOT_BE_FOUND)
    else:
        found = button("profile_find", "", texts.BE_FOUND, ButtonStyle.success)
    pause = ("profile_resume", texts.RESUME) if member.paused else ("profile_pause", texts.PAUSE)
    return [found, button(pause[0], "", pause[1])]


def _shown(value: object) -> str:
    if not value:
        return texts.EMPTY
    if isinstance(value, tuple):
        return ", ".join(term.label for term in value)
    return value.label if isinstance(value, Term) else safe(cut(str(value), _MOST_FIELD))
