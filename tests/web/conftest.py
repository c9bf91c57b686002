"""What the tests of the web stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.web.site import Site


@pytest.fixture
def site(engine: Engine) -> Iterator[Site]:
    """An application on a database of its own, once on each kind.

    Modules that are about HTTP alone override `database_url`, and run on SQLite only.
    """
    site = Site(engine)
    yield site
    site.close()
