"""What counts as proof at the evidence places of an instrument: documents, example sentences, laws and standards."""
