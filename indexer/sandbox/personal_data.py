"""The check for personal data in a process of its own: what it loads takes seconds, and holds up nobody there."""

from indexer.sandbox.sandbox import Sandbox
from knowledge.errors import ModelError, SourceError
from knowledge.privacy.name_model import has_name_model
from knowledge.privacy.personal_data import Found, PersonalDataCheck
from knowledge.settings import Settings


class SandboxedCheck(PersonalDataCheck):
    """`PersonalDataCheck` as the program that serves many people needs it; may be used from several threads.

    The process starts with the first text (two seconds, and 150 MB while it runs), and `close` ends it.
    """

    def __init__(self, settings: Settings) -> None:
        self._name_model = settings.name_model
        self._sandbox = Sandbox()

    @property
    def has_name_model(self) -> bool:
        """Return whether a language model takes part in looking for names."""
        return has_name_model(self._name_model)

    def find(self, text: str) -> list[Found]:
        """Return the places that may identify a person, in order.

        Raises:
            ModelError: The check does not work, or the model that HALN_NAME_MODEL names is not there. Nothing goes on
                unchecked.
        """
        try:
            return self._sandbox.personal_data(text, self._name_model)
        except SourceError as error:
            raise ModelError(f"The text could not be checked for personal data: {error}") from None

    def close(self) -> None:
        """End the process. The next text starts another one."""
        self._sandbox.close()
