"""Samples: what contacts say, for traffic that is generated: the messages of the file's own tests."""

from config.configuration import ROUTING, Configuration
from config.models.routing import RoutingFile, TestSection
from config.positions import Document, read_document
from config.validation import validate
from router.ids import ChannelName, InboxId, Tag
from router.traffic import Sample

ANYTHING = Sample(text="hello")
"""What is said where the file has no tests."""


def samples_of(configuration: Configuration) -> tuple[Sample, ...]:
    """One sample for each test in ``routing.yaml``, all equally often."""
    read = read_document(ROUTING, configuration.texts[ROUTING])
    if not isinstance(read, Document):
        raise TypeError("the files of a configuration can be read")
    model = validate(read, RoutingFile).model
    tests = model.tests if model is not None else []
    return tuple(_sample(test, configuration) for test in tests) or (ANYTHING,)


def _sample(test: TestSection, configuration: Configuration) -> Sample:
    inbox = configuration.inboxes.get(InboxId(test.inbox or ""))
    return Sample(
        text=test.say,
        entry=test.entry,
        inbox=InboxId(test.inbox or ""),
        channel=ChannelName(test.channel or (inbox.channel if inbox is not None else "")),
        language=test.language or "",
        contact_tags=frozenset(Tag(tag) for tag in test.contact_tags),
        attributes=dict(test.attributes),
    )
