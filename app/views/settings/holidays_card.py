"""The public holidays ahead, as the organisation's country and region have them."""

from __future__ import annotations

from app.models.times import speak_date
from app.services.settings.reading import SettingsRow
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, EmptyState


class HolidaysCard(Card):
    """Nothing to change here: the country and region of the organisation decide."""

    def __init__(self) -> None:
        super().__init__("Public holidays", bleed=True)
        self.list = ListView("Public holidays ahead", lead_width=110)
        self._none = EmptyState(
            "No country is named, so every weekday counts as a working day. Write the country "
            "beside, and notices keep clear of its public holidays."
        )
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self._none, 1)
        self._none.hide()

    def show_row(self, row: SettingsRow) -> None:
        where = "-".join(part for part in (row.facts.country, row.facts.subdivision) if part)
        self.show_as("Public holidays", f"the next in {where}" if where else "")
        self.list.model_rows.apply(
            [
                ListRow(
                    key=each.day.isoformat(),
                    title=each.name,
                    lead=speak_date(each.day),
                    trailing=str(each.day.year),
                )
                for each in row.ahead
            ]
        )
        self.list.setVisible(bool(row.ahead))
        self._none.setVisible(not row.ahead)
