"""What was found out about a model, to be read: one page for people, one file for programs.

`write_report` writes `report.html`, which needs nothing beside itself, and `report.json` with the
same numbers. `tables` and `trials` hold the tables of both the page and the model card.
"""

from __future__ import annotations

from moderator.classifier.report.page import write_report

__all__ = ["write_report"]
