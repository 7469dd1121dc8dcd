"""The linter of official papers: what a finished PDF or Word file has otherwise than its form asks.

`checking.check` is the way in. `pdf_reading` and `word_reading` tell what a file shows, `anatomy` finds the parts of a
paper in it, the modules of rules compare them with the form.
"""
