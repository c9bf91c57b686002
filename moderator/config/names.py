"""Names that an operator gives: to sources, triggers, channels and communities."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from moderator.config.problems import shown

NAME_PATTERN = "^[a-z][a-z0-9_-]{0,63}$"


def checked_name(text: str) -> str:
    """The name of a source, trigger or channel. Raises ValueError, with the likely one."""
    if re.fullmatch(NAME_PATTERN, text):
        return text
    likely = re.sub("[^a-z0-9_-]+", "-", text.lower()).lstrip("0123456789_-").rstrip("-")[:64]
    meant = f" (did you mean {likely}?)" if likely else ""
    raise ValueError(
        f"{shown(text)} is not a name: a letter first, then at most 63 of a-z, 0-9, - and _{meant}"
    )


Name = Annotated[str, AfterValidator(checked_name)]
