"""Quotas of keys that there are none of."""

from __future__ import annotations

from moderator.app.quotas import without_key
from moderator.storage.engine import write
from moderator.storage.keys import ApiKey, KeyScope, add_key, revoke_key
from tests.builders import NOON


def test_a_quota_that_no_key_in_force_bears_is_named(engine):
    with write(engine) as tx:
        for key_id, name in (("aaaaaaaa", "site"), ("bbbbbbbb", ""), ("cccccccc", "old")):
            key = ApiKey(id=key_id, scope=KeyScope.READ, name=name, created_at=NOON)
            add_key(tx, key, f"secret of {key_id}")
        revoke_key(tx, "cccccccc", NOON)
    assert without_key(engine, ["default", "site", "bbbbbbbb", "sitte", "old"]) == ["old", "sitte"]
    assert without_key(engine, []) == []
