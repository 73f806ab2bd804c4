"""Commands that run Assay: the service, consumers, records, bundles. They decide nothing themselves."""
