"""Notices: what happened that somebody should know, in the workbench and by mail. They decide nothing."""
