"""HTTP: routes, sessions, permissions, problem details. Nothing below this package knows a status code."""
