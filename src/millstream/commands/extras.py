"""What a command needs that is no part of the core. Knows the extra `eval`; imports nothing of it."""

from importlib.util import find_spec

from millstream.errors import InputError


def need(what: str, package: str = "sklearn", called: str = "scikit-learn") -> None:
    """InputError where the package is not installed; `called`: its name where it is installed from."""
    if find_spec(package) is None:
        raise InputError(f"{what} needs {called}, which is not installed", remedy="pip install 'millstream[eval]'")
