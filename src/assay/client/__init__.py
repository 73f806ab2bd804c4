"""A client of the decision service, sync and async. It needs no other part of Assay, and never logs what it carries."""

from assay.client.asynchronous import AsyncClient
from assay.client.blocking import Client
from assay.client.patience import Patience
from assay.client.problems import Fault, Problem, TimedOut, Unreachable
from assay.client.results import (
    Ask,
    Brief,
    BriefOutcome,
    BundleInUse,
    Bundles,
    Choice,
    Decision,
    Health,
    LineProblem,
    OpenOutcome,
    Outcome,
    Question,
    Questions,
    Scan,
    Step,
    Truth,
)

__all__ = [
    "Ask",
    "AsyncClient",
    "Brief",
    "BriefOutcome",
    "BundleInUse",
    "Bundles",
    "Choice",
    "Client",
    "Decision",
    "Fault",
    "Health",
    "LineProblem",
    "OpenOutcome",
    "Outcome",
    "Patience",
    "Problem",
    "Question",
    "Questions",
    "Scan",
    "Step",
    "TimedOut",
    "Truth",
    "Unreachable",
]
