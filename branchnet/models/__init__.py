"""Tables and constraints, nothing else."""

from branchnet.models.batch import Batch, BatchEvent, BatchLine, Box, Counter, Discrepancy
from branchnet.models.calendar import CalendarPeriod
from branchnet.models.ledger import Entry, Holding, Lot, Move
from branchnet.models.network import Network, NetworkParent
from branchnet.models.people import Account, AnswersFor, Device, Person, RoleGrant, SignIn, TeacherLink
from branchnet.models.place import (
    Community,
    Place,
    PointEnrolment,
    PointKind,
    PointName,
    PointOpenness,
    PointPosition,
    ServicePoint,
)
from branchnet.models.reading import PointMonth, Reading, ReadingRevision, StaleFact
from branchnet.models.system import AuditRecord, AuditSeal, Job, Operation, OperationConflict
from branchnet.models.triggers import register

__all__ = [
    "Account",
    "AnswersFor",
    "AuditRecord",
    "AuditSeal",
    "Batch",
    "BatchEvent",
    "BatchLine",
    "Box",
    "CalendarPeriod",
    "Community",
    "Counter",
    "Device",
    "Discrepancy",
    "Entry",
    "Holding",
    "Job",
    "Lot",
    "Move",
    "Network",
    "NetworkParent",
    "Operation",
    "OperationConflict",
    "Person",
    "Place",
    "PointEnrolment",
    "PointKind",
    "PointMonth",
    "PointName",
    "PointOpenness",
    "PointPosition",
    "Reading",
    "ReadingRevision",
    "RoleGrant",
    "ServicePoint",
    "SignIn",
    "StaleFact",
    "TeacherLink",
]

register()
