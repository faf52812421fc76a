"""Reading what people type and paste: one function for each kind of value. PURE.

Each `read_…` takes the text as it came and returns `Understood` (value, and in words what was understood), `Refusal`
(why not, in words, with a guess where there is one), or None when nothing was typed. None of them raises.
"""
