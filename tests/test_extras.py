"""What is not installed is told before it is missed."""

import pytest

from millstream.commands.extras import need
from millstream.errors import InputError


def test_what_is_not_installed_is_told_with_where_it_is() -> None:
    need("realism")
    with pytest.raises(InputError, match=r"realism needs Nothing, which is not installed; pip install 'millstream"):
        need("realism", "no_such_package", "Nothing")
