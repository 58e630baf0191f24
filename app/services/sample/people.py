"""Who plays which role of a built-in runbook in the sample organisation, and on which CIs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from app.models.runbook.templates import RunbookTemplate
from app.models.tables.directory import ConfigurationItem, Person
from app.resources import resource
from app.services.uow import UnitOfWork

FOLDER = "sample"


@cache
def sample_facts() -> Mapping[str, Any]:
    """`resources/sample/organisation.yaml`: our own file, not input."""
    text = resource(FOLDER).joinpath("organisation.yaml").read_text(encoding="utf-8")
    facts: Mapping[str, Any] = yaml.safe_load(text)
    return facts


def sample_owners(uow: UnitOfWork, template: RunbookTemplate) -> dict[str, str]:
    """Role → person id for the template's roles; the coordinator's is left to the outage."""
    people = {person.name: person.id for person in uow.all(Person)}
    roles: Mapping[str, str] = sample_facts()["roles"]
    played = {step.role for step in template.steps if step.role}
    return {role: people[roles[role]] for role in played & roles.keys() if roles[role] in people}


def sample_cis(uow: UnitOfWork, template: RunbookTemplate) -> dict[str, str]:
    """Part → CI id for the parts the template's steps touch."""
    cis = {ci.name: ci.id for ci in uow.all(ConfigurationItem)}
    parts: Mapping[str, str] = sample_facts()["parts"]
    return {part: cis[parts[part]] for part in template.ci_roles if parts.get(part) in cis}
