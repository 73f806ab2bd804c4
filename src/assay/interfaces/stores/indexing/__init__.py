"""An index beside the records, so that pages find a decision among millions. It holds nothing that they do not say."""
