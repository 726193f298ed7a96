"""Words for people in the two languages the program speaks, side by side so that they stay together."""

from typing import Literal

Language = Literal["zh", "en"]


class Words:
    """Chooses one of two texts: `words("检查", "check")`."""

    def __init__(self, language: Language = "zh") -> None:
        self.language = language

    def __call__(self, chinese: str, english: str) -> str:
        return english if self.language == "en" else chinese
