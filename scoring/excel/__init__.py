"""Excel files of the scoring: criteria sets out and in, and score cards to fill in without a connection. The layout of
both is described in docs/excel.md."""
