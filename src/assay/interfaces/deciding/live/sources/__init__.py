"""Where bundles come from, each verified before it is offered. They make nothing ready to decide."""
