"""The first schema.

Written down in a short form of its own, so that it says all it needs and imports no models:
`name type[?] [> table] [pk] [unique] [index]`, ended by `;`; `?` may be NULL, `>` is a
foreign key to the id of a table. A table marked `record` also has what every record has.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TYPES: dict[str, Callable[[], sa.types.TypeEngine[Any]]] = {
    "str": sa.String,
    "text": sa.Text,
    "int": sa.Integer,
    "bool": sa.Boolean,
    "date": sa.Date,
    "moment": lambda: sa.DateTime(timezone=True),
}

RECORD = """
    id str pk; organisation_id str > organisation index; version int;
    created_at moment?; updated_at moment?; archived_at moment?;
"""

TABLES = {
    "organisation": """
        id str pk; name str; key str unique; zone str; country str; subdivision str;
        policy text; objection_route str; is_sample bool; version int; created_at moment?;
        updated_at moment?; archived_at moment?;
    """,
    "setting": """
        name str pk; value str;
    """,
    "calendar_layer record": """
        name str; key str index; is_freeze bool; severity text; services text;
        departments text; source str;
    """,
    "chain_head": """
        organisation_id str > organisation pk; number int; hash str;
    """,
    "department record": """
        name str; key str index; head_id str?;
    """,
    "log_entry": """
        id str pk; organisation_id str > organisation; number int; at moment; who str; via str;
        what str; kind str; about_type str; about_id str; outage_id str; strikes int?;
        text str; previous_hash str; hash str;
        unique: ix_log_entry_number (organisation_id, number);
        index: ix_log_entry_outage (outage_id, number);
    """,
    "outbox_item record": """
        key str unique; kind str; payload text; state str index; attempts int;
        not_before moment?; sender str; last_answer str; about_type str; about_id str;
        outage_id str index;
    """,
    "recipient_set record": """
        digest str index; people text; lists text; count int;
    """,
    "runbook_template record": """
        name str; key str index; revision int; content text; saved_by str;
    """,
    "site record": """
        name str; key str index; country str; subdivision str; zone str;
    """,
    "vendor record": """
        name str; key str index; contact str; phone str; contract str;
    """,
    "business_event record": """
        layer_id str > calendar_layer index; uid str; title str; sequence int; content text;
        content_hash str; index: ix_business_event_layer_uid (layer_id, uid);
    """,
    "ci record": """
        name str; key str index; kind text; environment text; vendor_id str? > vendor;
        circuit str; needed_by_flight str;
    """,
    "person record": """
        name str; key str index; email str; email_key str index; phone str; zone str;
        site_id str? > site; department_id str? > department; roles text;
    """,
    "ci_dependency record": """
        ci_id str > ci index; depends_on_id str > ci index;
    """,
    "leave record": """
        person_id str > person index; start_utc moment; end_utc moment; kind str;
        index: ix_leave_span (start_utc, end_utc);
    """,
    "occurrence": """
        id str pk; organisation_id str > organisation; layer_id str > calendar_layer index;
        event_id str > business_event index; title str; start_utc moment; end_utc moment;
        all_day bool; start_date date?; end_date date?;
        index: ix_occurrence_span (organisation_id, start_utc, end_utc);
    """,
    "outage record": """
        code str; title str; why str; requester str; approver str; change_reference str;
        impact text; state text; start_wall str; end_wall str; zone str; start_fold int;
        end_fold int; start_utc moment; end_utc moment; promised_end_utc moment;
        coordinator_id str? > person; deputy_id str? > person; checker str; checker_phone str;
        checker_deputy str; checker_deputy_phone str; decision_card text; before_text str;
        workaround str; impact_text str; vendor_id str? > vendor; vendor_case str; runbook str;
        runbook_revision int; flown_again_from str?; urgent_reason str; state_since moment?;
        started_at moment?; ended_at moment?; user_check str; user_check_due moment?;
        data_loss str; ending_note str; waivers text; accepted_conflicts text;
        packet_printed_at moment?; packet_revision int; calendar_sequence int;
        unique: ix_outage_code (organisation_id, code);
        index: ix_outage_span (organisation_id, start_utc, end_utc);
    """,
    "rota_turn record": """
        person_id str > person; starts date; ends date;
    """,
    "service record": """
        name str; key str index; plain_name str; owner_id str? > person; criticality text;
        hours str; zone str;
    """,
    "audience record": """
        name str; key str index; members text; departments text; list_address str;
        list_size int; zone str; rule_service_id str? > service;
    """,
    "bridge record": """
        outage_id str > outage index; line str; join_link str; opens_at moment?;
        opened_at moment?; opened_by str; closed_at moment?; closed_by str; proof str;
    """,
    "confirmation record": """
        outage_id str > outage index; person str; what str; asked_at moment?;
        answered_at moment?; answer str; voided_at moment?;
    """,
    "criterion record": """
        outage_id str > outage index; name str; met bool; evidence str; by str; at moment?;
    """,
    "decision record": """
        outage_id str > outage index; number int; act str; asked_of str; answered_by str;
        asked_at moment?; answered_at moment?; answer str; why str; was_called bool;
        warranted str;
    """,
    "notice record": """
        outage_id str > outage index; kind text; number int; state text; template_revision int;
        source str; note str; subject str; text str; html str; sent_at moment?; sent_by str;
        recipient_set_id str? > recipient_set; about_start_utc moment?; about_end_utc moment?;
        next_update_utc moment?; original_id str?;
        index: ix_notice_outage_kind (outage_id, kind);
    """,
    "notice_template record": """
        kind text index; service_id str? > service; revision int; subject str; body str;
        built_in bool; saved_by str;
    """,
    "outage_ci record": """
        outage_id str > outage index; ci_id str > ci index;
    """,
    "outage_service record": """
        outage_id str > outage index; service_id str > service index;
    """,
    "reply record": """
        outage_id str > outage index; notice_id str?; sender str; kind str; text str;
        received_at moment; decision str; answer str; decided_by str; decided_at moment?;
    """,
    "roll_call_answer record": """
        outage_id str > outage index; person_id str? > person; name str; answer str; why str;
        by str; at moment;
    """,
    "service_ci record": """
        service_id str > service index; ci_id str > ci index;
    """,
    "step record": """
        outage_id str > outage index; code str; position int; title str; how str; phase text;
        kind text; role str; owner_id str? > person; minutes int; state text; ci_id str? > ci;
        ci_role str; notice_kind str; bridge_act str; setting str; before_value str;
        after_value str; no_return bool; do_not_disturb bool; people_notice str;
        not_before moment?; not_after moment?; started_at moment?; ended_at moment?;
        heard_at moment?; blocked_reason str; blocked_until moment?; result str; note str;
        by str; via str;
    """,
    "change_record record": """
        outage_id str > outage index; ci_id str > ci index; step_id str? > step; number int;
        what str; before str; after str; people_notice str; evidence str; by str; at moment;
        external_number str; reviewed_at moment?; reviewed_by str; undone bool;
    """,
    "outage_audience record": """
        outage_id str > outage index; audience_id str > audience index;
    """,
    "service_audience record": """
        service_id str > service index; audience_id str > audience index;
    """,
    "step_dependency record": """
        outage_id str > outage index; step_id str > step index; after_id str > step;
    """,
    "step_undo record": """
        outage_id str > outage index; step_id str > step index; back_out_id str > step;
    """,
}


def upgrade() -> None:
    for heading, body in TABLES.items():
        name, _, record = heading.partition(" ")
        parts = ((RECORD if record else "") + body).split(";")
        _create(name, [part.strip() for part in parts if part.strip()])


def _create(name: str, lines: list[str]) -> None:
    columns = [line.split() for line in lines if ":" not in line]
    made: list[Any] = []
    for column, kind, *rest in columns:
        made.append(sa.Column(column, TYPES[kind.rstrip("?")](), nullable=kind.endswith("?")))
        if ">" in rest:
            target = f"{rest[rest.index('>') + 1]}.id"
            made.append(sa.ForeignKeyConstraint([column], [target], name=f"fk_{name}_{column}"))
        if "unique" in rest:
            made.append(sa.UniqueConstraint(column, name=f"uq_{name}_{column}"))
        if "pk" in rest:
            made.append(sa.PrimaryKeyConstraint(column, name=f"pk_{name}"))
    op.create_table(name, *made)
    for column, _kind, *rest in columns:
        if "index" in rest:
            op.create_index(f"ix_{name}_{column}", name, [column])
    for line in lines:
        kind, colon, spec = line.partition(": ")
        if colon:
            index, _, over = spec.partition(" ")
            op.create_index(index, name, over.strip("()").split(", "), unique=kind == "unique")


def downgrade() -> None:
    for heading in reversed(TABLES):
        op.drop_table(heading.partition(" ")[0])
