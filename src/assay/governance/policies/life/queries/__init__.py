"""What may be read of changes. None of it changes one."""

from assay.governance.policies.life.queries.board import Column, Filters, board, list_changes, rows_for_export
from assay.governance.policies.life.queries.change import change_of, see_change
from assay.governance.policies.life.queries.overview import Overview, overview_of

__all__ = [
    "Column", "Filters", "Overview", "board", "change_of", "list_changes", "overview_of", "rows_for_export",
    "see_change",
]  # fmt: skip
