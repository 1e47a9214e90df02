"""The YAML that lies beside the code: word lists, patterns, wordings. Read once a process."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""For long files: libyaml, where PyYAML has it, takes a tenth of the time."""


@cache
def data(path: str) -> Any:
    """What `path` holds ("mine/door.yaml"), the same object at every call: it is not to be changed."""
    return yaml.load(files("millstream").joinpath(path).read_text(encoding="utf-8"), Loader=LOADER)
