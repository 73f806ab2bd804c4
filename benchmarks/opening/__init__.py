"""The workbench under much of everything: how it is filled, and what its lists cost. It judges nothing."""
