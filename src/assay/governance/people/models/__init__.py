"""What the room of people keeps. Only a person's own row holds personal data."""

from assay.governance.people.models.grants import Grant
from assay.governance.people.models.person import Person, Persons
from assay.governance.people.models.proposals import Approval, Proposal
from assay.governance.people.models.standing_in import Absence, Delegation

__all__ = ["Absence", "Approval", "Delegation", "Grant", "Person", "Persons", "Proposal"]
