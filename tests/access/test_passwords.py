"""Passwords are kept as the standard says; tests only make theirs in less time."""

import subprocess
import sys

from branchnet.access.secrets import hash_password, password_fits


def test_a_password_is_kept_as_argon2id_at_the_cost_of_rfc_9106() -> None:
    """The second recommended option, for less memory: 64 MiB, three passes, four lanes."""
    told = "from branchnet.access.secrets import hash_password; print(hash_password('a-long-password'))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert password_fits(done.stdout.strip(), "a-long-password")


def test_another_password_and_an_unknown_login_do_not_fit() -> None:
    assert not password_fits(hash_password("a-long-password"), "another-password")
    assert not password_fits(None, "a-long-password")
    assert not password_fits("not a hash", "a-long-password")
