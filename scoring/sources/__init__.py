"""Where the values of lines come from if they are not typed: one strategy for each kind of record."""

from collections.abc import Mapping

from scoring.enums import RecordSource
from scoring.sources.awarded import Campaigns, Commendations, DirectWorkers, Titles
from scoring.sources.base import Facts, Fed, Situation, Source, Used
from scoring.sources.own import DaysLate, Office, Overclaim

SOURCES: Mapping[str, Source] = {
    RecordSource.COMMENDATIONS: Commendations(),
    RecordSource.CAMPAIGNS: Campaigns(),
    RecordSource.TITLES: Titles(),
    RecordSource.DIRECT_WORKERS: DirectWorkers(),
    RecordSource.OFFICE: Office(),
    RecordSource.DAYS_LATE: DaysLate(),
    RecordSource.OVERCLAIM: Overclaim(),
}

__all__ = ["SOURCES", "Facts", "Fed", "Situation", "Source", "Used"]
