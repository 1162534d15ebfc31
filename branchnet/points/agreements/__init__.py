"""Agreements (协议书) with service points: the register, and what binds a point on a day."""

from branchnet.points.agreements.commands import Terms, agree, correct, keep
from branchnet.points.agreements.queries import (
    PAGE,
    AgreementRow,
    agreement_at,
    agreement_in_force,
    agreements_in_force,
    agreements_listed,
    one_agreement,
    running_out,
)

__all__ = [
    "PAGE",
    "AgreementRow",
    "Terms",
    "agree",
    "agreement_at",
    "agreement_in_force",
    "agreements_in_force",
    "agreements_listed",
    "correct",
    "keep",
    "one_agreement",
    "running_out",
]
