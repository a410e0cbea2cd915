"""Figures: what happened, counted exactly (`routing.md` §24).

A `Ledger` reads every event with its effects and keeps one row for each thing that can be counted: a visit to a queue,
a response, a tenure, an end, a proposal, a transfer, a spell of an agent's time. A figure is a `Definition` over such
rows: which of them it counts, with what, and how they come to one number. So a total is always that of its list, and
whoever doubts a number is shown the conversations behind it. Nothing is estimated: percentiles are by nearest rank
over all rows. A row belongs to the interval in which what it tells began, and to the agent who did it.
"""
