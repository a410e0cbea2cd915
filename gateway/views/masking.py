"""What an outside agent must not read: names and identities of contacts are masked, attributes left out."""

import msgspec

from gateway.views.contact import AddressView, ContactView, ProfileView
from gateway.views.conversation import ConversationView
from gateway.views.detail import ConversationDetail
from gateway.views.message import MessageView
from router.message import AuthorKind

MASK = "＊＊"


def masked_name(name: str) -> str:
    """The first letter and a mask: 李＊＊."""
    return name[:1] + MASK if name else ""


def masked_conversation(view: ConversationView) -> ConversationView:
    """The same conversation with the contact's name masked."""
    contact = msgspec.structs.replace(view.contact, name=masked_name(view.contact.name))
    return msgspec.structs.replace(view, contact=contact)


def masked_message(view: MessageView) -> MessageView:
    """The same message with the contact's name masked; what was said stays, or nobody could answer."""
    if view.author.kind != AuthorKind.CONTACT.value:
        return view
    return msgspec.structs.replace(
        view, author=msgspec.structs.replace(view.author, name=masked_name(view.author.name))
    )


def masked_profile(view: ProfileView) -> ProfileView:
    """The same profile without attributes."""
    return msgspec.structs.replace(view, name=masked_name(view.name), attributes={})


def masked_detail(view: ConversationDetail) -> ConversationDetail:
    """The same conversation, opened, masked throughout."""
    return msgspec.structs.replace(
        view, contact=masked_profile(view.contact), messages=[masked_message(message) for message in view.messages]
    )


def masked_contact(view: ContactView) -> ContactView:
    """The same contact: no attributes, addresses as masks, nobody else's name."""
    return msgspec.structs.replace(
        view,
        name=masked_name(view.name),
        attributes={},
        addresses=[_masked_address(address) for address in view.addresses],
        suggestions=[],
        merges=[],
        conversations=[masked_conversation(conversation) for conversation in view.conversations],
    )


def _masked_address(address: AddressView) -> AddressView:
    return msgspec.structs.replace(address, address=MASK, identifiers=[])
