"""The routes of the decision service, one module for each kind. None of them knows who a caller is."""
