"""The pages of consultations: of the change, for the house; and of those who are asked. They decide nothing."""
