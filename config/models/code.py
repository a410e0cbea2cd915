"""Direct codes, as they are written."""

from typing import Self

from pydantic import Field, model_validator

from config.models.section import Id, Instant, Section, Words


class CodeSection(Section):
    """A direct code: what a contact brings along as the entry, or types as `#CA12`, that says where to go."""

    to: Id | None = None
    """The group it leads to; without it the code adds its tags and the rules decide."""
    otherwise: Id | None = Field(default=None, alias="else")
    """The group it leads to while `to` is closed."""
    agent: Id | None = None
    """Who is asked first, for as long as the group's `sticky` waits; whoever is not there is not waited for."""
    add: Words | None = None
    """Tags that it adds, before the rules are asked."""
    until: Instant | None = None
    """When it is over: 2026-12-31T00:00+08:00, or without offset in the file's zone."""

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        """A code says something, and what depends on its group comes with one."""
        if self.to is None and self.add is None:
            raise ValueError("a code says where to go (`to`), adds tags (`add`), or both")
        if self.to is None and (self.agent is not None or self.otherwise is not None):
            raise ValueError("`agent` and `else` need a group: `to`")
        return self
