"""The policy of each impact class: read with what is built in, and changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from app.models.errors import BadInput, Stale
from app.models.notices.policy import POLICIES
from app.models.outages.lifecycle import ImpactClass
from app.models.settings import PolicyDays, days_of, difference, require_sound
from app.services.database import organisation
from app.services.events import ChangedElsewhere
from app.services.notices.planning import policy_for
from app.services.uow import Undo, UnitOfWork

Days = Mapping[ImpactClass, PolicyDays]
BUILT_IN: Days = {impact: days_of(policy) for impact, policy in POLICIES.items()}


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """`version` is the organisation's, to be given back with a change."""

    version: int
    days: Days


def policy_days(uow: UnitOfWork) -> PolicyRow:
    """What counts now, for every class. Raises NotFound while there is no organisation."""
    found = {impact: days_of(policy_for(uow, impact)) for impact in ImpactClass}
    return PolicyRow(organisation(uow).version, found)


def change_policy(uow: UnitOfWork, wanted: Days, *, seen: int) -> Undo:
    """Plans of outages follow at once; what was told stays told. Raises BadInput (`about`: field,
    impact), Stale."""
    row = organisation(uow)
    if row.version != seen:
        raise Stale(
            "Someone changed the organisation a moment ago, so nothing was overwritten. "
            "You now see how it stands; do it again if you still want it."
        )
    was = policy_days(uow).days
    sound = {impact: require_sound(impact, days) for impact, days in wanted.items()}
    changed = {impact: days for impact, days in sound.items() if days != was[impact]}
    if not changed:
        raise BadInput("Nothing is different from before, so nothing was changed.")
    _keep(uow, changed)
    words = _words(was, changed)
    uow.log(f"changed the policy, its days counted before the window: {words}", row, kind="policy")
    uow.emit(ChangedElsewhere())  # what is due changes for every outage: look at everything again
    before = {impact: was[impact] for impact in changed}
    return uow.undo("the policy", also=lambda later: _put_back(later, before, changed))


def _keep(uow: UnitOfWork, changed: Days) -> None:
    """What is built in is not written down, so that it follows a newer console."""
    row = organisation(uow)
    kept = dict(row.policy)
    for impact, days in changed.items():
        if days == BUILT_IN[impact]:
            kept.pop(impact.value, None)
        else:
            kept[impact.value] = {
                **asdict(days),
                "reminder_days": list(days.reminder_days),
                "sending_hour": f"{days.sending_hour:%H:%M}",
            }
    row.policy = kept


def _put_back(uow: UnitOfWork, before: Days, then: Days) -> None:
    """The organisation's row is no record, so an undo does not know it. Raises Stale."""
    now = policy_days(uow).days
    if any(now[impact] != days for impact, days in then.items()):
        raise Stale(
            "The policy cannot be put back: it was changed again since. Nothing was put back."
        )
    _keep(uow, before)
    words = _words(then, before)
    uow.log(f"put the policy back: {words}", organisation(uow))


def _words(was: Days, changed: Days) -> str:
    return "; ".join(
        f"{impact.value}: {difference(was[impact], days)}" for impact, days in changed.items()
    )
