"""Takes the tests and fixtures of a module into another one, where they meet that one's fixtures."""

from types import ModuleType

from _pytest.fixtures import FixtureFunctionDefinition


def same_as(module: ModuleType, *, but: tuple[str, ...] = ()) -> dict[str, object]:
    """Return a module's tests and fixtures by name, but for some, which must be there."""
    found = {
        name: value
        for name, value in vars(module).items()
        if name.startswith("test_") or isinstance(value, FixtureFunctionDefinition)
    }
    for name in but:
        del found[name]
    return found
