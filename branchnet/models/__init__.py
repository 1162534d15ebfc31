"""Tables and constraints, nothing else."""

from branchnet.models.asking import LinkRequest, PointProposal, Succession
from branchnet.models.batch import Batch, BatchEvent, BatchGoods, BatchLine, Box, Counter
from branchnet.models.calendar import CalendarPeriod, LockException
from branchnet.models.coming_back import BatchScan, Exchange, FoundItem, Settlement, StayAnswer, StayEnd, Wish
from branchnet.models.coverage import CoverageStatement, GeocoderAnswer
from branchnet.models.difference import Compensation, Discrepancy, Disposal, DisposalLine, Repair
from branchnet.models.file_list import FileList
from branchnet.models.hand_over import HandOver
from branchnet.models.ledger import Entry, Holding, Lot, Move
from branchnet.models.network import Network, NetworkParent
from branchnet.models.papers import Agreement, PaperTemplate
from branchnet.models.people import Account, AnswersFor, Device, Person, RoleGrant, SignIn, TeacherLink
from branchnet.models.place import (
    Community,
    Place,
    PointEnrolment,
    PointEvent,
    PointKind,
    PointName,
    PointOpenness,
    PointPause,
    PointPosition,
    ServicePoint,
)
from branchnet.models.reading import PointMonth, Reading, ReadingRevision, StaleFact
from branchnet.models.reporting import Chase, ReadingReview, Reminder, Tally
from branchnet.models.stocktake import Stocktake, StocktakeCount, StocktakeCrossing
from branchnet.models.system import AuditRecord, AuditSeal, ConflictSeen, Job, Operation, OperationConflict
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
    "BatchScan",
    "Box",
    "CalendarPeriod",
    "Chase",
    "Community",
    "Compensation",
    "ConflictSeen",
    "Counter",
    "CoverageStatement",
    "Device",
    "Discrepancy",
    "Disposal",
    "DisposalLine",
    "Entry",
    "Exchange",
    "FileList",
    "FoundItem",
    "GeocoderAnswer",
    "HandOver",
    "Holding",
    "Job",
    "LinkRequest",
    "LockException",
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
    "PointEvent",
    "PointKind",
    "PointMonth",
    "PointName",
    "PointOpenness",
    "PointPause",
    "PointPosition",
    "PointProposal",
    "Reading",
    "ReadingReview",
    "ReadingRevision",
    "Reminder",
    "Repair",
    "RoleGrant",
    "ServicePoint",
    "Settlement",
    "SignIn",
    "StaleFact",
    "StayAnswer",
    "StayEnd",
    "Stocktake",
    "StocktakeCount",
    "StocktakeCrossing",
    "Succession",
    "Tally",
    "TeacherLink",
    "Trip",
    "TripBatch",
    "TripStop",
    "Vehicle",
    "Wish",
]

register()
