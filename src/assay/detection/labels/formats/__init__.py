"""One writer a container. Each says which bytes stay and which are new, and never what a label means."""
