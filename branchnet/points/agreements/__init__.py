"""Agreements (协议书) with service points: the register, and what binds a point on a day."""

from branchnet.points.agreements.queries import (
    AgreementRow,
    agreement_in_force,
    agreements_in_force,
    agreements_listed,
    one_agreement,
    running_out,
)

__all__ = [
    "AgreementRow",
    "agreement_in_force",
    "agreements_in_force",
    "agreements_listed",
    "one_agreement",
    "running_out",
]
