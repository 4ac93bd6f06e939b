"""The registry: every indicator, in the order in which a report tells them."""

from __future__ import annotations

from reports.indicator import Indicator
from reports.indicators.active import ACTIVE
from reports.indicators.arrivals import ARRIVALS
from reports.indicators.contacts import CONTACTS
from reports.indicators.funnel import FUNNEL
from reports.indicators.lost_by_reason import LOST_BY_REASON
from reports.indicators.new_residents import NEW_RESIDENTS
from reports.indicators.settled import SETTLED
from reports.indicators.time_to_settled import TIME_TO_SETTLED

INDICATORS: dict[str, Indicator] = {
    indicator.id: indicator
    for indicator in (
        CONTACTS,
        ACTIVE,
        ARRIVALS,
        NEW_RESIDENTS,
        SETTLED,
        FUNNEL,
        LOST_BY_REASON,
        TIME_TO_SETTLED,
    )
}
