"""Who may call what: a table, denied by default. Which *conversations* somebody may see is `gateway.views.seeing`."""

from collections.abc import Mapping

from skills.agent import Role

Roles = frozenset[Role]

PUBLIC: Roles = frozenset()
"""Anybody, without a login. Compared by identity: an empty set of roles in the table would be a mistake."""

EVERYBODY: Roles = frozenset(Role)
INSIDE: Roles = EVERYBODY - {Role.OUTSIDE}
SENIOR: Roles = frozenset({Role.SUPERVISOR, Role.ADMIN})
ADMIN: Roles = frozenset({Role.ADMIN})

_CONVERSATION = "/api/v1/conversations/{id}"

TABLE: Mapping[tuple[str, str], Roles] = {
    ("POST", "/api/v1/sessions"): PUBLIC,
    ("POST", "/api/v1/invitations"): PUBLIC,
    ("DELETE", "/api/v1/sessions/current"): EVERYBODY,
    ("GET", "/api/v1/me"): EVERYBODY,
    ("PUT", "/api/v1/me/presence"): EVERYBODY,
    ("GET", "/api/v1/conversations"): EVERYBODY,
    ("GET", _CONVERSATION): EVERYBODY,
    ("GET", f"{_CONVERSATION}/messages"): EVERYBODY,
    ("POST", f"{_CONVERSATION}/messages"): EVERYBODY,
    ("PATCH", f"{_CONVERSATION}/messages/{{message}}"): EVERYBODY,
    ("POST", f"{_CONVERSATION}/messages/{{message}}/resend"): EVERYBODY,
    ("POST", f"{_CONVERSATION}/messages/{{message}}/arrived"): EVERYBODY,
    ("POST", f"{_CONVERSATION}/preview"): EVERYBODY,
    ("GET", f"{_CONVERSATION}/replies"): EVERYBODY,
    ("GET", f"{_CONVERSATION}/trace"): INSIDE,
    ("GET", f"{_CONVERSATION}/trace/{{trace}}/candidates"): INSIDE,
    ("POST", f"{_CONVERSATION}/accept"): EVERYBODY,
    ("POST", f"{_CONVERSATION}/decline"): EVERYBODY,
    ("POST", f"{_CONVERSATION}/assign"): INSIDE,
    ("POST", f"{_CONVERSATION}/transfer"): EVERYBODY,
    ("POST", f"{_CONVERSATION}/park"): EVERYBODY,
    ("POST", f"{_CONVERSATION}/resume"): EVERYBODY,
    ("POST", f"{_CONVERSATION}/resolve"): EVERYBODY,
    ("POST", f"{_CONVERSATION}/reopen"): EVERYBODY,
    ("POST", f"{_CONVERSATION}/extend"): EVERYBODY,
    ("POST", f"{_CONVERSATION}/promise"): EVERYBODY,
    ("POST", f"{_CONVERSATION}/boost"): SENIOR,
    ("POST", f"{_CONVERSATION}/tags"): EVERYBODY,
    ("POST", f"{_CONVERSATION}/handoff"): EVERYBODY,
    ("GET", "/api/v1/contacts/{id}"): EVERYBODY,
    ("PATCH", "/api/v1/contacts/{id}"): INSIDE,
    ("POST", "/api/v1/contacts/{id}/merge"): INSIDE,
    ("POST", "/api/v1/contacts/{id}/split"): INSIDE,
    ("GET", "/api/v1/agents"): INSIDE,
    ("PUT", "/api/v1/agents/{id}/presence"): SENIOR,
    ("GET", "/api/v1/groups"): EVERYBODY,
    ("POST", "/api/v1/groups/{id}/hours-override"): SENIOR,
    ("DELETE", "/api/v1/groups/{id}/hours-override"): SENIOR,
    ("POST", f"{_CONVERSATION}/take-over"): SENIOR,
    ("POST", f"{_CONVERSATION}/return"): SENIOR,
    ("POST", f"{_CONVERSATION}/requeue"): SENIOR,
    ("POST", "/api/v1/groups/{id}/announcement"): SENIOR,
    ("POST", "/api/v1/groups/{id}/pause"): SENIOR,
    ("DELETE", "/api/v1/groups/{id}/pause"): SENIOR,
    ("GET", "/api/v1/queues"): INSIDE,
    ("POST", "/api/v1/media"): EVERYBODY,
    ("GET", "/api/v1/routing"): ADMIN,
    ("GET", "/api/v1/routing/versions"): ADMIN,
    ("POST", "/api/v1/routing/check"): ADMIN,
    ("POST", "/api/v1/routing/explain"): ADMIN,
    ("POST", "/api/v1/routing/apply"): ADMIN,
    ("POST", "/api/v1/routing/rollback"): ADMIN,
    ("GET", "/api/v1/routing/schemas"): ADMIN,
    ("GET", "/api/v1/inboxes"): ADMIN,
    ("POST", "/api/v1/agents/{id}/invitation"): ADMIN,
    ("GET", "/api/v1/bots/{id}/misses"): SENIOR,
    ("POST", "/api/v1/routing/simulate"): ADMIN,
    ("POST", "/api/v1/routing/diff"): ADMIN,
    ("GET", "/api/v1/routing/versions/{number}"): ADMIN,
    ("GET", "/api/v1/routing/coverage"): ADMIN,
    ("POST", "/api/v1/routing/coverage"): ADMIN,
    ("GET", "/api/v1/agents/{id}/why"): EVERYBODY,
    ("GET", "/api/v1/agents/{id}/why/{trace}"): INSIDE,
}
"""Every operation of the REST interface.

The feed proves who it is in its first frame; pages are public, files are signed.
"""


def rule_for(method: str, path: str) -> Roles:
    """The roles that may call this operation, `PUBLIC` for anybody.

    Raises:
        KeyError: nobody decided; such a route cannot be served.
    """
    return TABLE[method, path]


def is_allowed(role: Role | None, method: str, path: str) -> bool:
    """Whether somebody with this role (None: not logged in) may call it."""
    rule = TABLE.get((method, path))
    if rule is None:
        return False
    return rule is PUBLIC or role in rule
