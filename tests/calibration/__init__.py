"""Numbers: checked against published totals, hand-made optimisers and official calendars."""
