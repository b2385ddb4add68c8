"""Rules about messages that Discord's description leaves out, and this house's own."""

from tests.bot.discord_rules.components import component_faults

SUPPRESS_EMBEDS, EPHEMERAL, SILENT, MODERN = 1 << 2, 1 << 6, 1 << 12, 1 << 15
MOST_CONTENT, MOST_EMBED_TEXT = 2000, 6000


def message_faults(body, *, creates):
    """What Discord would refuse in a message that is sent (`creates`) or edited."""
    flags = body.get("flags") or 0
    modern = bool(flags & MODERN)
    found = component_faults(body.get("components") or [], modern=modern)
    if modern and (body.get("content") or body.get("embeds") or body.get("poll")):
        found.append("content or embeds beside Components V2")
    if len(body.get("content") or "") > MOST_CONTENT:
        found.append(f"content of {len(body['content'])} characters")
    if creates and not any(
        body.get(field) for field in ("content", "embeds", "components", "attachments", "sticker_ids", "poll")
    ):
        found.append("an empty message")
    if flags & ~(SUPPRESS_EMBEDS | EPHEMERAL | SILENT | MODERN):
        found.append(f"flags {flags:b} that a bot cannot set")
    if not creates and flags & EPHEMERAL:
        found.append("an edit cannot change who sees a message")
    if len(str(body.get("nonce") or "")) > 25:
        found.append("a nonce of more than 25 characters")
    for embed in body.get("embeds") or ():
        found += _embed(embed)
    return found + _mentions(body.get("allowed_mentions"), creates=creates)


def _embed(embed):
    fields = embed.get("fields") or []
    texts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
    texts += [(embed.get("author") or {}).get("name"), *(t for f in fields for t in (f["name"], f["value"]))]
    found = ["more than 25 fields"] if len(fields) > 25 else []
    found += ["a field without text"] if any(not f["name"].strip() or not f["value"].strip() for f in fields) else []
    total = sum(len(text) for text in texts if text)
    return found + ([f"an embed of {total} characters"] if total > MOST_EMBED_TEXT else [])


def _mentions(mentions, *, creates):
    if mentions is None:
        return ["this house never sends without allowed_mentions"] if creates else []
    found = []
    for kind in ("users", "roles"):
        if mentions.get(kind) and kind in mentions.get("parse", ()):
            found.append(f"allowed_mentions both parses and lists {kind}")
    if "everyone" in mentions.get("parse", ()):
        found.append("this house never pings everyone")
    return found
