"""Which settings are sound, what a sign-in asks for, and what is off without a scope."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.models.account import (
    ENDPOINTS,
    FEATURES,
    PURPOSES,
    AccountSettings,
    Cloud,
    Feature,
    Profile,
    asks_other_door,
    expected,
    is_on,
    lacking,
    require_sound,
    wanted_scopes,
)
from app.models.errors import BadInput

APP = "11111111-2222-4333-8444-555555555555"
SOUND = AccountSettings(Profile.MICROSOFT, "contoso.example", APP)


@pytest.mark.parametrize(
    ("cloud", "sign_in", "graph"),
    [
        (Cloud.GLOBAL, "login.microsoftonline.com", "graph.microsoft.com"),
        (Cloud.US_L4, "login.microsoftonline.us", "graph.microsoft.us"),
        (Cloud.US_L5, "login.microsoftonline.us", "dod-graph.microsoft.us"),
        (Cloud.CHINA, "login.partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn"),
    ],
)
def test_each_cloud_has_its_own_doors(cloud: Cloud, sign_in: str, graph: str) -> None:
    settings = replace(SOUND, cloud=cloud)
    assert settings.authority == f"https://{sign_in}/contoso.example"
    assert settings.graph == f"https://{graph}/v1.0"


def test_every_cloud_is_known() -> None:
    assert set(ENDPOINTS) == set(Cloud)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"client_id": ""}, "client_id"),
        ({"client_id": "the app"}, "client_id"),
        ({"tenant": "not a domain"}, "tenant"),
        ({"tenant": "https://login.example/x"}, "tenant"),
        ({"tenant": "contoso"}, "tenant"),
        ({"shared_mailbox": "operations"}, "shared_mailbox"),
        ({"shared_mailbox": "a@b.example, c@d.example"}, "shared_mailbox"),
    ],
)
def test_what_cannot_work_is_refused_by_its_field(change: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        require_sound(replace(SOUND, **change))  # type: ignore[arg-type]
    assert refused.value.about["field"] == field


@pytest.mark.parametrize("tenant", ["", "organizations", APP.upper(), "contoso.onmicrosoft.com"])
def test_a_tenant_is_an_id_a_domain_or_any(tenant: str) -> None:
    assert require_sound(replace(SOUND, tenant=f" {tenant} ")).tenant == (
        tenant.casefold() or "organizations"
    )


def test_practice_and_files_ask_for_no_app() -> None:
    assert require_sound(AccountSettings(Profile.PRACTICE)).profile is Profile.PRACTICE
    assert require_sound(AccountSettings(Profile.NONE)).profile is Profile.NONE


def test_settings_come_back_as_they_were_written() -> None:
    settings = replace(SOUND, cloud=Cloud.CHINA, attendance=True, shared_mailbox="a@b.example")
    assert AccountSettings.from_json(settings.as_json()) == settings


def test_settings_of_a_newer_console_are_read_as_far_as_they_are_known() -> None:
    kept = {**SOUND.as_json(), "colour": "green"}
    assert AccountSettings.from_json(kept) == SOUND


EVERYTHING = replace(SOUND, shared_mailbox="a@b.example", attendance=True, shared_calendars=True)


def test_nothing_is_asked_for_that_no_feature_uses() -> None:
    used = {scope for needs in FEATURES.values() for scope in needs.scopes} | {"User.Read"}
    assert set(wanted_scopes(EVERYTHING)) == used


def test_every_scope_has_a_purpose_and_none_is_msals_own() -> None:
    assert set(wanted_scopes(EVERYTHING)) == set(PURPOSES)
    assert not {"openid", "profile", "offline_access"} & set(wanted_scopes(EVERYTHING))


def test_what_is_switched_off_is_not_asked_for() -> None:
    assert not any("Shared" in scope or "Artifact" in scope for scope in wanted_scopes(SOUND))
    assert Feature.SHARED not in expected(SOUND) and Feature.SEND in expected(SOUND)


@pytest.mark.parametrize("feature", Feature)
def test_a_feature_is_on_with_all_its_scopes_and_off_without_any_one(feature: Feature) -> None:
    scopes = FEATURES[feature].scopes
    assert is_on(feature, scopes)
    for missing in scopes:
        rest = [scope for scope in scopes if scope != missing]
        assert not is_on(feature, rest) and lacking(feature, rest) == (missing,)


def test_scopes_are_known_however_the_service_spells_them() -> None:
    granted = ["https://graph.microsoft.com/mail.readwrite", "MAIL.SEND"]
    assert is_on(Feature.SEND, granted)


@pytest.mark.parametrize(
    ("change", "other"),
    [
        ({"tenant": "fabrikam.example"}, True),
        ({"cloud": Cloud.US_L4}, True),
        ({"client_id": APP.replace("1", "2")}, True),
        ({"profile": Profile.PRACTICE}, True),
        ({"shared_mailbox": "a@b.example"}, False),
        ({"attendance": True}, False),
    ],
)
def test_another_tenant_app_or_cloud_is_another_door(
    change: dict[str, object], other: bool
) -> None:
    assert asks_other_door(SOUND, replace(SOUND, **change)) is other  # type: ignore[arg-type]


def test_in_practice_the_fields_of_earnest_do_not_matter() -> None:
    practice = AccountSettings(Profile.PRACTICE)
    assert not asks_other_door(practice, replace(practice, tenant="contoso.example"))
