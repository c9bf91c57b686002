"""The job that joins what Coral announces to the comments that it asked about."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine

from moderator.domain.errors import Unavailable
from moderator.joining import look
from moderator.joining.coral_api import CoralApi
from moderator.sources.coral import CoralSettings
from moderator.sources.settings import SourceSettings

logger = logging.getLogger(__name__)


def join_announced(
    engine: Engine, blocks: Mapping[str, SourceSettings], now: datetime, stopping: threading.Event
) -> None:
    """Look at all that is due, reading at those Corals that let us. `blocks` are the sources'."""
    readers = {
        name: CoralApi(block.graphql)
        for name, block in blocks.items()
        if isinstance(block, CoralSettings) and block.graphql is not None
    }
    try:
        while look(engine, readers, now) and not stopping.is_set():
            pass
    except Unavailable as error:
        logger.warning("what Coral announced waits for the database", extra={"reason": str(error)})
