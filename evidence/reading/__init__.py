"""Reading what files say: their text by page with places, quotes in it, search, and passages that may prove an answer.

`extracting` reads a file in the guard and by the reader of pictures; `pages` is what became of it. The modules that
look for something in it (`quotes`, `searching`, `suggesting`) are pure and take pages that are already read.
"""
