"""The version of this package, also where it is run from its source and not installed. Knows nothing else."""

from importlib import metadata


def version() -> str:
    try:
        return metadata.version("millstream")
    except metadata.PackageNotFoundError:
        return "source"
