"""Conditions and rules of triage, as they are written."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from config.models.section import Id, Ids, Levels, Section, Word, Words, to_list

PartKind = Literal[
    "text", "image", "voice", "video", "file", "sticker", "location", "link", "contact", "choices", "choice", "unknown"
]
PART_KINDS: tuple[PartKind, ...] = (
    "text", "image", "voice", "video", "file", "sticker", "location", "link", "contact", "choices", "choice", "unknown",
)  # fmt: skip


def _choice(values: tuple[str, ...]) -> dict[str, Any]:
    one = {"enum": list(values)}
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


class WhenSection(Section):
    """A condition: keys are joined by *and*, the values of one key by *or*."""

    text: Words | None = None
    """Keywords, any of them; case, width and Chinese script do not matter, Latin words match whole words."""
    regex: Words | None = None
    """Patterns (RE2) over the text as it was written, any of them."""
    entry: Words | None = None
    """How the contact came: widget context, start payload, scene or menu key, product link."""
    channel: Ids | None = None
    """The channel's name."""
    inbox: Ids | None = None
    """Inboxes of inboxes.yaml."""
    language: Words | None = None
    """The contact's language; `zh` means any Chinese, `zh-TW` exactly that."""
    tags: Words | None = None
    """Tags of the conversation: those that tag rules above have added, and earlier ones."""
    contact_tags: Words | None = None
    """Tags of the contact."""
    attributes: dict[Word, Words] | None = None
    """The contact's attributes: every name must have one of its values."""
    hours: Ids | None = None
    """Hours that are open at the moment, any of them."""
    contact: Annotated[
        list[Literal["new", "returning"]] | None,
        BeforeValidator(to_list),
        WithJsonSchema(_choice(("new", "returning"))),
    ] = None
    """Whether the contact had a conversation before."""
    kind: Annotated[list[PartKind] | None, BeforeValidator(to_list), WithJsonSchema(_choice(PART_KINDS))] = None
    """What the message holds: text, image, voice, …"""
    none_of: Annotated[list["WhenSection"] | None, BeforeValidator(to_list), Field(alias="not")] = None
    """Conditions none of which may hold."""
    any_of: Annotated[list["WhenSection"] | None, BeforeValidator(to_list), Field(alias="any")] = None
    """Conditions one of which must hold."""


class TagRuleSection(Section):
    """Adds tags when its condition holds."""

    name: Word | None = None
    """What to call the rule in explanations."""
    when: WhenSection
    """The condition."""
    add: Words
    """The tags to add."""


class PriorityRuleSection(Section):
    """Gives the priority when it is the first whose condition holds."""

    name: Word | None = None
    """What to call the rule in explanations."""
    when: WhenSection | None = None
    """The condition."""
    priority: Id | None = Field(default=None, alias="is")
    """The priority it gives."""
    otherwise: Id | None = None
    """In place of `when` and `is`, in the last rule: the priority when no rule matched."""

    @model_validator(mode="after")
    def _is_one_form(self) -> Self:
        """A rule is `when … is …` or `otherwise …`."""
        if self.otherwise is not None:
            is_whole = self.when is None and self.priority is None
        else:
            is_whole = self.when is not None and self.priority is not None
        if not is_whole:
            raise ValueError("a priority rule has either `when` and `is`, or `otherwise`")
        return self


class GroupRuleSection(Section):
    """Gives the group when it is the first whose condition holds."""

    name: Word | None = None
    """What to call the rule in explanations."""
    when: WhenSection | None = None
    """The condition."""
    to: Id | None = None
    """The group it gives."""
    requires: Levels = {}
    """Skills (with least levels) that whoever answers needs besides the group's own."""
    otherwise: Id | None = None
    """In place of `when` and `to`, in the last rule: the group when no rule matched."""

    @model_validator(mode="after")
    def _is_one_form(self) -> Self:
        """A rule is `when … to …` or `otherwise …`."""
        if self.otherwise is not None:
            is_whole = self.when is None and self.to is None
        else:
            is_whole = self.when is not None and self.to is not None
        if not is_whole:
            raise ValueError("a group rule has either `when` and `to`, or `otherwise`")
        return self


class TriageSection(Section):
    """The rules that give a conversation its tags, priority and group, evaluated before the first match."""

    needed = ("priority", "group")

    tags: list[TagRuleSection] = []
    """Every matching rule adds its tags, in order."""
    priority: list[PriorityRuleSection] = []
    """The first matching rule decides; the last one is `otherwise`."""
    group: list[GroupRuleSection] = []
    """The first matching rule decides; the last one is `otherwise`."""
