"""One-time codes: right only in their minutes, each once, the secret sealed."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy.orm import Session

from campus.errors import Conflict, Invalid
from campus.people import second_factor
from tests import builders
from tests.builders import NOW

SERVER = "s" * 40


def test_the_vector_of_rfc_6238() -> None:
    from datetime import UTC, datetime

    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890", appendix B, SHA-1, last six digits
    assert second_factor.step_of(secret, "287082", datetime.fromtimestamp(59, UTC)) == 1
    assert second_factor.step_of(secret, "081804", datetime.fromtimestamp(1111111109, UTC)) == 37037036


def test_a_neighbouring_step_is_accepted_and_no_other() -> None:
    secret = second_factor.new_secret()
    code = pyotp.TOTP(secret).at(NOW)
    assert second_factor.step_of(secret, f"{code[:3]} {code[3:]}", NOW) is not None
    assert second_factor.step_of(secret, code, NOW + timedelta(seconds=30)) is not None
    assert second_factor.step_of(secret, code, NOW + timedelta(seconds=95)) is None
    for wrong in ("", "12345", "abcdef", "１２３４５６", code + "0"):
        assert second_factor.step_of(secret, wrong, NOW) is None


def test_the_stored_secret_is_sealed() -> None:
    sealed = second_factor.seal(SERVER, "JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert len(second_factor.seal(SERVER, second_factor.new_secret())) <= 200
    assert second_factor.unseal(SERVER, sealed) == "JBSWY3DPEHPK3PXP"
    with pytest.raises(Conflict):
        second_factor.unseal("another key of the server", sealed)


def test_a_step_and_those_before_it_are_used_up(session: Session) -> None:
    secret = second_factor.new_secret()
    user = builders.user(session, totp_secret=second_factor.seal(SERVER, secret))
    totp = pyotp.TOTP(secret)
    second_factor.use_code(session, user.id, SERVER, totp.at(NOW), NOW)
    for used in (totp.at(NOW), totp.at(NOW - timedelta(seconds=30))):
        with pytest.raises(Invalid):
            second_factor.use_code(session, user.id, SERVER, used, NOW)
    second_factor.use_code(session, user.id, SERVER, totp.at(NOW + timedelta(seconds=30)), NOW)


def test_an_account_without_second_factor_accepts_no_code(session: Session) -> None:
    user = builders.user(session)
    with pytest.raises(Invalid):
        second_factor.use_code(session, user.id, SERVER, "123456", NOW)
