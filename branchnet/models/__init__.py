"""Tables and constraints, nothing else."""

from branchnet.models.batch import Batch, BatchEvent, BatchGoods, BatchLine, Box, Counter, Discrepancy
from branchnet.models.calendar import CalendarPeriod
from branchnet.models.file_list import FileList
from branchnet.models.ledger import Entry, Holding, Lot, Move
from branchnet.models.network import Network, NetworkParent
from branchnet.models.papers import Agreement, PaperTemplate
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
from branchnet.models.trip import Trip, TripBatch, TripStop, Vehicle

__all__ = [
    "Account",
    "Agreement",
    "AnswersFor",
    "AuditRecord",
    "AuditSeal",
    "Batch",
    "BatchEvent",
    "BatchGoods",
    "BatchLine",
    "Box",
    "CalendarPeriod",
    "Community",
    "Counter",
    "Device",
    "Discrepancy",
    "Entry",
    "FileList",
    "Holding",
    "Job",
    "Lot",
    "Move",
    "Network",
    "NetworkParent",
    "Operation",
    "OperationConflict",
    "PaperTemplate",
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
    "Trip",
    "TripBatch",
    "TripStop",
    "Vehicle",
]

register()
