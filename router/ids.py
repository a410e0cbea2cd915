"""Identities of everything that travels through the core.

All are opaque strings. Those of contacts, threads, conversations and messages are made by the gateway and arrive
in events; an offer's and a trace's are made by the core from the event's id, so that a replay makes the same ones.
"""

from typing import NewType

InboxId = NewType("InboxId", str)
"""One connected account on a channel, as named in ``inboxes.yaml``."""

ChannelName = NewType("ChannelName", str)
"""A kind of platform. The core compares it, and never to a literal."""

ContactId = NewType("ContactId", str)
ThreadId = NewType("ThreadId", str)
ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)
OfferId = NewType("OfferId", str)
EventId = NewType("EventId", str)
TraceId = NewType("TraceId", str)
MediaId = NewType("MediaId", str)
"""A stored file; content-addressed by the gateway."""

PriorityTag = NewType("PriorityTag", str)
"""A key of ``priorities`` in ``routing.yaml``: ``vip``, ``normal``."""

Tag = NewType("Tag", str)
ReplyId = NewType("ReplyId", str)
"""A key of ``replies`` in ``routing.yaml``."""
