"""What comes in about vehicles and trips, checked."""

from marshmallow import ValidationError, fields
from marshmallow.validate import Length, Range

from branchnet.access.personal import note_problem
from branchnet.access.sent import A_DATE, A_NUMBER, A_TEXT, Sent
from branchnet.fields import Count

FARTHEST_KM = 5_000
"""More km than any vehicle drives in a day's trip: beyond it somebody typed what the odometer shows."""
MOST_STOPS = 200


def no_number_of_a_person(text: str) -> None:
    """Raises ValidationError where a phone or ID number stands in a note."""
    if problem := note_problem(text):
        raise ValidationError(problem)


class VehicleForm(Sent):
    """A vehicle: plate, name, whether it is a mobile library, and since when it serves."""

    plate = fields.String(required=True, validate=Length(max=20, error="plate_long"), error_messages=A_TEXT)
    name = fields.String(required=True, validate=Length(max=60, error="vehicle_name_long"), error_messages=A_TEXT)
    mobile_library = fields.Boolean(load_default=False)
    in_service_from = fields.Date(required=True, error_messages=A_DATE)


class EndOfServiceForm(Sent):
    """The first day on which a vehicle serves no more; none puts it back into service."""

    out_of_service_on = fields.Date(load_default=None, error_messages=A_DATE)


class KmForm(Sent):
    """How far a trip was; left empty, nobody knows."""

    km = Count(load_default=None, allow_none=True, validate=Range(max=FARTHEST_KM, error="too_many_km"))


class TripForm(Sent):
    """A trip: day, vehicle, people, km; batches by number; stops by code, each with its place in the order."""

    happened_on = fields.Date(required=True, error_messages=A_DATE)
    vehicle = fields.Integer(load_default=None, error_messages=A_NUMBER)
    driver = fields.String(load_default=None, validate=Length(max=40, error="name_long"))
    crew = fields.String(load_default=None, validate=[Length(max=200, error="note_too_long"), no_number_of_a_person])
    km = Count(load_default=None, allow_none=True, validate=Range(max=FARTHEST_KM, error="too_many_km"))
    note = fields.String(load_default=None, validate=[Length(max=200, error="note_too_long"), no_number_of_a_person])
    batches = fields.List(fields.String(), load_default=list)
    stops = fields.Dict(keys=fields.String(), values=Count(allow_none=True), load_default=dict)
    stop = fields.String(load_default=None)
    seen = fields.String(load_default="")
