"""The sample's flights, one in each state of the lifecycle, dated from today."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from app.models.outages.lifecycle import ImpactClass
from app.models.times import Window, to_utc, to_wall
from app.services.calendar.near_days import named_holidays
from app.services.sample.directory import on_turn
from app.services.sample.people import sample_facts
from app.services.sample.script import SampleFlight

SENDING_HOUR = 9  # when a notice of the day is due (models/notices/policy.py)


def sample_flights(now: datetime) -> tuple[SampleFlight, ...]:
    """In no particular order; `now` is UTC."""
    dates = _Dates(now)
    return (*_past(dates), *_flying(dates), *_coming(dates))


class _Dates:
    """Windows around today, in the sample's zone."""

    def __init__(self, now: datetime) -> None:
        self.zone: str = sample_facts()["zone"]
        self.now = now.astimezone(UTC)
        self.today = to_wall(now, self.zone).date()

    def evening(self, ahead: int, hour: int = 19, hours: int = 3) -> Window:
        start = datetime.combine(self.today + timedelta(days=ahead), time(hour))
        return Window.of(start, start + timedelta(hours=hours), self.zone)

    def since(self, minutes: int, hours: int = 3) -> Window:
        """Begun so many minutes ago, to the last five minutes."""
        start = self.now - timedelta(minutes=minutes)
        start -= timedelta(minutes=start.minute % 5, seconds=start.second)
        start = start.replace(microsecond=0)
        walls = [to_wall(m, self.zone) for m in (start, start + timedelta(hours=hours))]
        return Window.of(walls[0], walls[1], self.zone, walls[0].fold, walls[1].fold)

    def tonight(self) -> Window:
        """The next 19:00 that leaves time for what is still missing."""
        tonight = self.evening(0)
        late = tonight.start_utc - self.now < timedelta(minutes=90)
        return self.evening(1) if late else tonight

    def with_reminder_owed(self) -> Window:
        """The first evening whose reminder was due already: tomorrow's, unless today's office
        hours begin only later."""
        due = to_utc(datetime.combine(self.today, time(SENDING_HOUR)), self.zone)
        if due <= self.now or not is_working(self.today):
            return self.evening(1, 22, 2)
        return self.evening(0, 22, 2)

    def leads(self, window: Window) -> str:
        return on_turn(self.today, window.start.date())


def is_working(day: date) -> bool:
    facts = sample_facts()
    free = named_holidays(facts["country"], facts["subdivision"], day.year)
    return day.weekday() < 5 and day not in free


def _past(dates: _Dates) -> tuple[SampleFlight, ...]:
    gateway, phones, wireless = dates.evening(-60), dates.evening(-45), dates.evening(-33)
    laboratory, printing, search = dates.evening(-20), dates.evening(-9), dates.evening(-2)
    doors = dates.evening(-1)
    return (
        SampleFlight(
            title="Mail gateway certificates",
            service="Mail gateway",
            ci="MAIL-GW",
            owner="E. Santos",
            window=gateway,
            last="filed",
            coordinator=dates.leads(gateway),
            why="The certificates run out at the end of the quarter.",
            work="Install the new certificates",
            check="a message from outside arrives",
        ),
        SampleFlight(
            title="Telephone exchange update",
            service="Telephones",
            ci="PBX-1",
            owner="P. Adeyemi",
            window=phones,
            last="filed",
            coordinator=dates.leads(phones),
            impact=ImpactClass.CRITICAL,
            why="The maker mends dropped calls with this release.",
            work="Install release 9.2",
            check="calls in, out and between wards",
            people_notice="Missed calls now show the caller's name.",
            workaround="Use the red wall phones, which hang on another line.",
        ),
        SampleFlight(
            title="Wireless controller upgrade",
            service="Wireless network",
            ci="WLC-1",
            owner="T. Nguyen",
            window=wireless,
            last="filed",
            coordinator=dates.leads(wireless),
            why="Older scanners lose their connection between floors.",
            work="Install release 17.4",
            check="a scanner walks two floors without losing its connection",
        ),
        SampleFlight(
            title="Laboratory interface release",
            service="Laboratory system",
            ci="LIS-INTERFACE",
            owner="B. Fischer",
            window=laboratory,
            last="bridge_closed",
            coordinator=dates.leads(laboratory),
            ending="backed_out",
            why="The new analyser needs it.",
            work="Install interface release 6.2",
            check="one order and one result each way",
            checker="F. Okoye, Laboratory",
            note="results of the old analyser no longer arrived",
            user_check="Orders and results go through again as this morning.",
        ),
        SampleFlight(
            title="Print queues to the new server",
            service="Printing",
            ci="PRINT-1",
            owner="S. Kowalski",
            window=printing,
            last="bridge_closed",
            coordinator=dates.leads(printing),
            ending="partly",
            why="The old print server is out of support.",
            work="Move the queues",
            check="a page on each floor",
            people_notice="Printers are listed by floor.",
            note="the queues of floors one to four are moved, the two of floor five are not",
        ),
        SampleFlight(
            title="Intranet search index",
            service="Intranet",
            ci="SEARCH-1",
            owner="V. Novak",
            window=search,
            last="bridge_closed",
            coordinator=dates.leads(search),
            why="Documents newer than a month were not found.",
            work="Build the index anew",
            check="a document of this week is found",
            people_notice="Search finds documents of the same day.",
        ),
        SampleFlight(
            title="Badge server replacement",
            service="Badge doors",
            ci="BADGE-SRV",
            owner="P. Adeyemi",
            window=doors,
            last="cancelled",
            coordinator=dates.leads(doors),
            ending="cancelled",
            why="The server's disks are seven years old.",
            work="Swap the server",
            check="one door on each floor",
            note="the new server came with the wrong disks",
        ),
    )


def _flying(dates: _Dates) -> tuple[SampleFlight, ...]:
    labels, payroll = dates.since(25), dates.since(55)
    guests, remote = dates.since(50), dates.since(10)
    return (
        SampleFlight(
            title="Label printer firmware",
            service="Label printing",
            ci="PHARM-LABEL-1",
            owner="S. Kowalski",
            window=labels,
            last="work_begun",
            coordinator=dates.leads(labels),
            why="Labels of long names were cut off.",
            work="Install firmware 3.8",
            check="a label with a long name",
            checker="B. Anand, Pharmacy",
            workaround="Write labels by hand.",
        ),
        SampleFlight(
            title="Payroll tax tables",
            service="Payroll",
            ci="PAY-APP",
            owner="D. Haddad",
            window=payroll,
            last="verifying",
            coordinator="J. Sato",
            why="New tax tables for the coming year.",
            work="Load the tables",
            check="a test payslip",
            checker="E. Whitlock, Finance",
            people_notice="Payslips show the new tax year.",
        ),
        SampleFlight(
            title="Guest wireless portal",
            service="Guest wireless",
            ci="WLC-GUEST",
            owner="V. Novak",
            window=guests,
            last="back_begun",
            coordinator="P. Adeyemi",
            ending="backed_out",
            why="The sign-in page is not readable on small phones.",
            work="Install the new portal",
            check="a visitor's phone signs in",
            note="phones no longer reach the sign-in page",
        ),
        SampleFlight(
            title="Remote access security fix",
            service="Remote access",
            ci="VPN-1",
            owner="A. Lindqvist",
            window=remote,
            last="hold",
            coordinator="K. Ito",
            lead=1.0,
            impact=ImpactClass.URGENT,
            why="A flaw that is being used against others.",
            work="Install the fix",
            check="a laptop signs in from outside",
        ),
    )


def _coming(dates: _Dates) -> tuple[SampleFlight, ...]:
    switch, mail = dates.tonight(), dates.with_reminder_owed()
    record, hosts = dates.evening(15, 18, 5), dates.evening(15, 20, 3)
    archive = dates.evening(38, 18, 4)
    return (
        SampleFlight(
            title="Core switch replacement",
            service="Ward network",
            ci="CORE-SW-1",
            owner="T. Nguyen",
            window=switch,
            last="go_no_go",
            coordinator=dates.leads(switch),
            impact=ImpactClass.CRITICAL,
            why="The switch reports failing fans.",
            runbook="Network switch",
            impact_text="Computers and phones on the wards may lose their connection twice.",
            workaround="Use the paper forms in the red folder.",
        ),
        SampleFlight(
            title="E-mail storage move",
            service="E-mail",
            ci="MAIL-2",
            owner="E. Santos",
            window=mail,
            last="monitoring",
            coordinator=dates.leads(mail),
            why="The second mail server runs out of room.",
            work="Move the mailboxes",
            check="a message each way",
            workaround="Call; messages wait and arrive afterwards.",
        ),
        SampleFlight(
            title="Patient record release",
            service="Patient record",
            ci="EPR-APP-1",
            owner="D. Haddad",
            window=record,
            last="kick_off",
            coordinator=dates.leads(record),
            impact=ImpactClass.CRITICAL,
            why="The release mends the medication list.",
            runbook="Application upgrade",
            workaround="Use the paper forms in the red folder.",
        ),
        SampleFlight(
            title="Virtual machine host patches",
            service="Intranet",
            ci="HV-2",
            owner="E. Santos",
            window=hosts,
            last="kick_off",
            coordinator="K. Ito",
            why="Security patches of the quarter.",
            work="Install the patches",
            check="every virtual machine answers",
        ),
        SampleFlight(
            title="Image archive move",
            service="Image archive",
            ci="PACS-ARCHIVE",
            owner="B. Fischer",
            window=archive,
            last="draft",
            coordinator=dates.leads(archive),
            lead=40,
            impact=ImpactClass.CRITICAL,
            why="The archive is nine tenths full.",
            work="Move the archive to the new shelf",
            check="an image of last year opens",
            checker="D. Moreau, Radiology",
        ),
    )
