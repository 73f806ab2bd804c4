"""`assay policies`: the life of policies at the terminal, as a person with their rights. It skips no gate."""
