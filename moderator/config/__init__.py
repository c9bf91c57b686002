"""The configuration: a YAML file and the environment, read into frozen values.

`load_settings` reads the file, `server_settings` the environment; both find every problem in one
pass and raise ConfigError, one line a problem. `ConfigWatch` follows the file while the service
runs. docs/configuration.md is written for the people who write the file.
"""

from moderator.config.blocks import Retention
from moderator.config.meaning import configuration_of
from moderator.config.reload import Change, ConfigWatch
from moderator.config.schema import json_schema
from moderator.config.server import ServerSettings, server_settings
from moderator.config.settings import (
    DEFAULT_PATH,
    ModelFile,
    Settings,
    configuration_path,
    load_settings,
)

__all__ = [
    "DEFAULT_PATH",
    "Change",
    "ConfigWatch",
    "ModelFile",
    "Retention",
    "ServerSettings",
    "Settings",
    "configuration_of",
    "configuration_path",
    "json_schema",
    "load_settings",
    "server_settings",
]
