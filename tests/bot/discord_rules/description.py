"""Discord's own description of its API (OpenAPI), as a judge of request bodies."""

import json
import re

import jsonschema_rs

# discord.py sends it with every edit, and Discord ignores it there.
_IGNORED = frozenset({"tts"})


class Description:
    """Finds the operation of a request and checks its body against the schema."""

    def __init__(self, path):
        document = json.loads(path.read_text(encoding="utf-8"))
        self._components = document["components"]
        self._operations = [
            (method.upper(), self._pattern(template), operation)
            for template, operations in document["paths"].items()
            for method, operation in operations.items()
            if method != "parameters"
        ]
        self._validators = {}

    @staticmethod
    def _pattern(template):
        literals = re.sub(r"\{[^}]*\}", "", template).count("/") + len(re.sub(r"\{[^}]*\}", "", template))
        return literals, re.compile(re.sub(r"\{[^}]*\}", "[^/]+", template.replace("@", "@")))

    def faults(self, method, path, body):
        """Why Discord's description does not allow this body; no fault for an operation without a body."""
        fitting = [
            (literals, operation)
            for known, (literals, pattern), operation in self._operations
            if known == method and pattern.fullmatch(path)
        ]
        if not fitting:
            return ["Discord has no such operation"]
        operation = max(fitting, key=lambda pair: pair[0])[1]
        if body is None:
            return []
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return ["Discord takes no body here"]
        schema = content["application/json"]["schema"]
        errors = self._validator(schema).iter_errors(_ids_as_text(body))
        found = [f"{list(error.instance_path)} {error.message[:300]}" for error in errors]
        return found + self._unknown_fields(schema, body)

    def _validator(self, schema):
        key = json.dumps(schema)
        if key not in self._validators:
            whole = {**schema, "components": self._components}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole)
        return self._validators[key]

    def _unknown_fields(self, schema, body):
        """The description allows any further field, so that a mistyped one would pass: name those it does not know."""
        if not isinstance(body, dict):
            return []
        known = set(self._fields(schema))
        return [f"the field {field!r} is not known" for field in body if known and field not in known | _IGNORED]

    def _fields(self, schema):
        if "$ref" in schema:
            schema = self._components["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        yield from schema.get("properties", {})
        for union in ("anyOf", "oneOf", "allOf"):
            for part in schema.get(union, ()):
                yield from self._fields(part)


def _ids_as_text(body):
    """discord.py sends some ids as numbers, which Discord takes as well as texts."""
    if isinstance(body, list):
        return [_ids_as_text(value) for value in body]
    if not isinstance(body, dict):
        return body
    # Defaults of selects, and files that are sent along: those are numbered within the request.
    default_value = body.get("type") in ("user", "role", "channel") or body.keys() >= {"id", "filename"}
    return {
        key: str(value)
        if isinstance(value, int) and (key.endswith("_id") or (key == "id" and default_value))
        else [str(mentioned) for mentioned in value]
        if key in ("users", "roles") and isinstance(value, list)
        else _ids_as_text(value)
        for key, value in body.items()
    }
