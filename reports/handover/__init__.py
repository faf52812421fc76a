"""Evidence handed over: one binder (PDF), a bundle of the files (ZIP), an index (PDF, xlsx, csv, json)."""
