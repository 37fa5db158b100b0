"""Plain words for numbers, states, terms and levers, the same in tables, figures, reports and on the page."""
