"""Official wording of a form: the paper's own words beside each question, option, row, column and note."""
