"""A widget's frame → what happened. Pure and total: a frame is understood whole, or it is `MalformedPayload`."""

from collections.abc import Mapping

import msgspec

from adapters.contract import Parsed, Profile, Wrote
from adapters.errors import MalformedPayload
from adapters.identifier import EMAIL, PHONE, Identifier, Source
from adapters.visit import (
    ENTRY,
    LANGUAGE,
    PERSON,
    SPEAKER,
    UNPROVEN,
    Choose,
    Person,
    Said,
    WrittenFile,
    WrittenImage,
    WrittenPart,
    WrittenText,
    WrittenVideo,
    WrittenVoice,
)
from adapters.wire import WebhookRequest
from router.ids import MediaId
from router.message import Choice, Media, MediaKind, Part, Text

_SAID: msgspec.json.Decoder[Said] = msgspec.json.Decoder(Said)
_PERSON: msgspec.json.Decoder[Person] = msgspec.json.Decoder(Person)
_NOBODY = Person()

_KINDS: dict[type[WrittenPart], MediaKind] = {
    WrittenImage: MediaKind.IMAGE,
    WrittenVoice: MediaKind.VOICE,
    WrittenVideo: MediaKind.VIDEO,
    WrittenFile: MediaKind.FILE,
}


def parse_frame(request: WebhookRequest) -> Parsed:
    """What a contact said by a frame.

    The speaker and how they came are in the headers, what the page says of itself and of the contact is the query: it
    goes to triage as it is, and into the contact's profile under names that say that nobody has proven it.

    Raises:
        MalformedPayload: not a frame that says something, or one that says nothing.
    """
    try:
        frame = _SAID.decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedPayload(str(error)) from error
    address = request.headers.get(SPEAKER)
    if not address:
        raise MalformedPayload("nobody said it")
    known = request.headers.get(PERSON)
    person = _NOBODY if known is None else _PERSON.decode(known)
    return Parsed(
        inbound=(
            Wrote(
                delivery_key=f"{address}/{frame.client_id}",
                address=address,
                message_key=frame.client_id,
                profile=_profile(request, person),
                parts=_parts(frame),
                entry=request.headers.get(ENTRY, ""),
                attributes={**request.query, **person.proven},
                tags=person.tags,
            ),
        )
    )


def _profile(request: WebhookRequest, person: Person) -> Profile:
    language = request.headers.get(LANGUAGE, "")
    if not request.query and person is _NOBODY:
        return Profile(language=language)
    said = {f"{UNPROVEN}{_storable(key)}": _storable(value) for key, value in request.query.items()}
    return Profile(
        name=person.name,
        language=language,
        attributes={**said, **person.proven},
        identifiers=_identifiers(request.query, person),
    )


def _identifiers(query: Mapping[str, str], person: Person) -> tuple[Identifier, ...]:
    """Those that the site signed, and what the page or the contact said beside them."""
    known = {each.kind for each in person.identifiers}
    said = (
        Identifier(kind=kind, value=_storable(query[kind]), is_verified=False, source=Source.SAID)
        for kind in (EMAIL, PHONE)
        if query.get(kind) and kind not in known
    )
    return (*person.identifiers, *said)


def _parts(frame: Said) -> tuple[Part, ...]:
    if isinstance(frame, Choose):
        return (Choice(value=_storable(frame.value), label=_storable(frame.label)),)
    written = (*((WrittenText(text=frame.text),) if frame.text else ()), *frame.parts)
    parts = tuple(_part(part) for part in written if not _is_blank(part))
    if not parts:
        raise MalformedPayload("a message without words or files")
    return parts


def _is_blank(part: WrittenPart) -> bool:
    return isinstance(part, WrittenText) and not part.text.strip()


def _part(part: WrittenPart) -> Part:
    if isinstance(part, WrittenText):
        return Text(text=_storable(part.text))
    return Media(
        kind=_KINDS[type(part)], media=MediaId(part.media), name=_storable(part.name), mime=part.mime, size=part.size
    )


def _storable(words: str) -> str:
    """The words without NUL, the one character that a database's text cannot hold."""
    return words.replace("\0", "\N{REPLACEMENT CHARACTER}")


def is_said_by_contact(request: WebhookRequest) -> bool:
    """Whether the gateway vouches for a speaker; nothing that came over HTTP has such a header."""
    return bool(request.headers.get(SPEAKER))
