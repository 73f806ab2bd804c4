"""What is read in the room of people: each query is checked, and changes nothing."""

from assay.governance.people.queries.approvals import approval, approvals, proposal_of, settled
from assay.governance.people.queries.matrix import WORDS as CELL_WORDS
from assay.governance.people.queries.matrix import matrix, matrix_rooms, rows_of
from assay.governance.people.queries.naming import actor_for, names_for, names_of
from assay.governance.people.queries.people import Filters, all_people, list_people, search_people
from assay.governance.people.queries.person import absence_of, delegation_of, grant_of, person_of, see_person

__all__ = [
    "CELL_WORDS", "Filters", "absence_of", "actor_for", "all_people", "approval", "approvals", "delegation_of",
    "grant_of",
    "list_people", "matrix", "matrix_rooms", "names_for", "names_of", "person_of", "proposal_of", "rows_of",
    "search_people", "see_person", "settled",
]  # fmt: skip
