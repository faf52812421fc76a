"""The installation's signature: its key, papers (PAdES), texts (CMS), time stamps, revocation."""
