"""HTTP, whatever is served: routes and their rules, bodies, answers, problems, the log."""
