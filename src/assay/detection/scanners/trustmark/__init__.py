"""The TrustMark scanner: Adobe's watermark in pictures, which names a record and says nothing of AI."""
