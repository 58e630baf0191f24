"""People, departments, sites, services, configuration items, vendors, audiences, rota."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.directory.words import CiKind, Criticality, Environment
from app.models.ids import new_id
from app.models.tables.base import Json, Record, Token


class Organisation(SQLModel, table=True):
    """The client; owns everything below it."""

    __tablename__ = "organisation"

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str
    key: str = Field(unique=True)
    zone: str
    country: str = ""
    subdivision: str = ""
    policy: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    objection_route: str = ""
    is_sample: bool = False
    version: int = 1
    created_at: datetime | None = None
    updated_at: datetime | None = None
    archived_at: datetime | None = None


class Site(Record, table=True):
    __tablename__ = "site"
    name: str
    key: str = Field(index=True)
    country: str = ""
    subdivision: str = ""
    zone: str = ""


class Department(Record, table=True):
    __tablename__ = "department"
    name: str
    key: str = Field(index=True)
    head_id: str | None = None


class Person(Record, table=True):
    """`email_key` is the casefolded address, by which a person is unique."""

    __tablename__ = "person"
    name: str
    key: str = Field(index=True)
    email: str = ""
    email_key: str = Field(default="", index=True)
    phone: str = ""
    zone: str = ""
    site_id: str | None = Field(default=None, foreign_key="site.id")
    department_id: str | None = Field(default=None, foreign_key="department.id")
    roles: list[str] = Field(default_factory=list, sa_type=Json)


class Leave(Record, table=True):
    """An absence; the span is in UTC, its end exclusive."""

    __tablename__ = "leave"
    __table_args__ = (Index("ix_leave_span", "start_utc", "end_utc"),)
    person_id: str = Field(foreign_key="person.id", index=True)
    start_utc: datetime
    end_utc: datetime
    kind: str = "leave"


class RotaTurn(Record, table=True):
    """Who is Flight coordinator from one date to another (both included)."""

    __tablename__ = "rota_turn"
    person_id: str = Field(foreign_key="person.id")
    starts: date
    ends: date


class Vendor(Record, table=True):
    __tablename__ = "vendor"
    name: str
    key: str = Field(index=True)
    contact: str = ""
    phone: str = ""
    contract: str = ""


class ConfigurationItem(Record, table=True):
    """`hours` are those in which it may be worked on, empty for any time; `zone` is theirs, empty
    for the organisation's."""

    __tablename__ = "ci"
    name: str
    key: str = Field(index=True)
    kind: CiKind = Field(default=CiKind.OTHER, sa_type=Token(CiKind))
    environment: Environment = Field(
        default=Environment.PRODUCTION,
        sa_type=Token(Environment),
    )
    vendor_id: str | None = Field(default=None, foreign_key="vendor.id")
    circuit: str = ""
    needed_by_flight: str = ""
    hours: str = ""
    zone: str = ""


class CiDependency(Record, table=True):
    """`ci_id` rests on `depends_on_id`."""

    __tablename__ = "ci_dependency"
    ci_id: str = Field(foreign_key="ci.id", index=True)
    depends_on_id: str = Field(foreign_key="ci.id", index=True)


class Service(Record, table=True):
    """`plain_name` is what its users call it; `hours` is empty where it is used at all hours."""

    __tablename__ = "service"
    name: str
    key: str = Field(index=True)
    plain_name: str = ""
    owner_id: str | None = Field(default=None, foreign_key="person.id")
    criticality: Criticality = Field(
        default=Criticality.NORMAL,
        sa_type=Token(Criticality),
    )
    hours: str = ""
    zone: str = ""


class ServiceCi(Record, table=True):
    """The service rests on the CI."""

    __tablename__ = "service_ci"
    service_id: str = Field(foreign_key="service.id", index=True)
    ci_id: str = Field(foreign_key="ci.id", index=True)


class Audience(Record, table=True):
    """Explicit members, departments, a list, or everyone who uses a service.

    `members` holds person ids, `departments` department ids; `list_address` counts once
    (its membership is not known to us), `list_size` is what its owner says.
    """

    __tablename__ = "audience"
    name: str
    key: str = Field(index=True)
    members: list[str] = Field(default_factory=list, sa_type=Json)
    departments: list[str] = Field(default_factory=list, sa_type=Json)
    list_address: str = ""
    list_size: int = 0
    zone: str = ""
    rule_service_id: str | None = Field(default=None, foreign_key="service.id")


class ServiceAudience(Record, table=True):
    """Who is told about the service."""

    __tablename__ = "service_audience"
    service_id: str = Field(foreign_key="service.id", index=True)
    audience_id: str = Field(foreign_key="audience.id", index=True)
