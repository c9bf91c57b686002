"""Moving over: from a site's old scores to the numbers its thresholds were made for.

`export` reads what the site has, `fitting` lays our values on the old scale, `agreement` says how
far both scorers mean the same, `findings` puts it together, `block` and `page` write it down.
"""

from __future__ import annotations

from moderator.migration.export import Export, read_export
from moderator.migration.findings import Attribute, Migration, migrate

__all__ = ["Export", "read_export", "Attribute", "Migration", "migrate"]
