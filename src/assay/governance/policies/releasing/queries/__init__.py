"""What may be read of releases and editions. They change none."""

from assay.governance.policies.releasing.queries.editions import (
    AsOf,
    EditionView,
    FileRow,
    edition_of_number,
    list_editions,
    read_edition,
    see_as_of,
    see_edition,
)
from assay.governance.policies.releasing.queries.launches import LaunchView, read_draft, see_launch
from assay.governance.policies.releasing.queries.releases import (
    Filters,
    Overview,
    export_releases,
    list_releases,
    release_of_number,
    see_releases,
)

__all__ = [
    "AsOf",
    "EditionView",
    "FileRow",
    "Filters",
    "LaunchView",
    "Overview",
    "edition_of_number",
    "export_releases",
    "list_editions",
    "list_releases",
    "read_draft",
    "read_edition",
    "release_of_number",
    "see_as_of",
    "see_edition",
    "see_launch",
    "see_releases",
]  # fmt: skip
