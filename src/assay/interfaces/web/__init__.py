"""The workbench: the pages on which people work, as one Django site. It decides no item and keeps no rule itself."""
