"""The Bot API's methods that a customer-service bot calls, each as a function of the chats and the call's fields."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.telegram.fake_platform.chats import Chat, Chats, StoredFile
from adapters.telegram.fake_platform.html import read
from adapters.telegram.fake_platform.refusals import (
    DOWNLOAD_LIMIT,
    bad,
    check_caption,
    check_size,
    check_text,
    keyboard,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: the fields as text, the files by field name, and when it came (Unix seconds)."""

    fields: Mapping[str, str]
    files: Mapping[str, StoredFile]
    date: int


Method = Callable[[Chats, Call], Any]


def get_me(chats: Chats, _: Call) -> dict[str, Any]:
    """Who the bot is."""
    return chats.bot


def send_message(chats: Chats, call: Call) -> dict[str, Any]:
    """A text."""
    chat = chats.reachable(call.fields.get("chat_id", ""))
    text, entities = _marked(call, "text")
    check_text(text)
    return _sent(chats, chat, call, {"text": text} | ({"entities": entities} if entities else {}))


def edit_message_text(chats: Chats, call: Call) -> dict[str, Any]:
    """Other words for a text of the bot's."""
    message = _own(chats, call)
    text, entities = _marked(call, "text")
    check_text(text)
    if "text" not in message:
        raise bad("there is no text in the message to edit")
    return _changed(message, call, text=text, entities=entities)


def edit_message_caption(chats: Chats, call: Call) -> dict[str, Any]:
    """Other words below a file of the bot's."""
    message = _own(chats, call)
    caption, entities = _marked(call, "caption")
    check_caption(caption)
    if not any(kind in message for kind in ("photo", "voice", "video", "animation", "document", "audio")):
        raise bad("there is no caption in the message to edit")
    return _changed(message, call, caption=caption, caption_entities=entities)


def send_location(chats: Chats, call: Call) -> dict[str, Any]:
    """A place."""
    return _sent(chats, chats.reachable(call.fields.get("chat_id", "")), call, {"location": _place(call)})


def send_venue(chats: Chats, call: Call) -> dict[str, Any]:
    """A place with a name."""
    chat = chats.reachable(call.fields.get("chat_id", ""))
    title, address = call.fields.get("title", ""), call.fields.get("address", "")
    if not title or not address:
        raise bad("venue title and address must be non-empty")
    place = _place(call)
    return _sent(
        chats, chat, call, {"location": place, "venue": {"location": place, "title": title, "address": address}}
    )


def send_contact(chats: Chats, call: Call) -> dict[str, Any]:
    """Somebody's number."""
    chat = chats.reachable(call.fields.get("chat_id", ""))
    phone, name = call.fields.get("phone_number", ""), call.fields.get("first_name", "")
    if not phone or not name:
        raise bad("contact phone number and first name must be non-empty")
    return _sent(chats, chat, call, {"contact": {"phone_number": phone, "first_name": name}})


def send_chat_action(chats: Chats, call: Call) -> bool:
    """A sign of typing."""
    chats.reachable(call.fields.get("chat_id", "")).is_typing = True
    return True


def answer_callback_query(chats: Chats, call: Call) -> bool:
    """The end of the spinner on a button."""
    press = call.fields.get("callback_query_id", "")
    if press not in chats.acknowledged:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    chats.acknowledged[press] = True
    return True


def get_file(chats: Chats, call: Call) -> dict[str, Any]:
    """Where a file lies."""
    file_id = call.fields.get("file_id", "")
    file = chats.files.get(file_id)
    if file is None:
        raise bad("invalid file_id")
    if len(file.data) > DOWNLOAD_LIMIT:
        raise bad("file is too big")
    return _file(file_id, file) | {"file_path": f"files/{file_id}"}


def _sending(kind: str) -> Method:
    """The method that sends one kind of file."""
    name = f"send{kind.capitalize()}"

    def send(chats: Chats, call: Call) -> dict[str, Any]:
        chat = chats.reachable(call.fields.get("chat_id", ""))
        file = call.files.get(kind)
        if file is None:
            raise bad(f"there is no {kind} in the request")
        check_size(name, file.data)
        caption, entities = _marked(call, "caption") if kind != "sticker" else ("", [])
        check_caption(caption)
        content = _content(kind, chats.keep(file.data, file.mime, file.name), file)
        content |= {"caption": caption} if caption else {}
        content |= {"caption_entities": entities} if entities else {}
        return _sent(chats, chat, call, content)

    return send


def _content(kind: str, file_id: str, file: StoredFile) -> dict[str, Any]:
    """The file as the field of a message that shows it."""
    described = _file(file_id, file)
    picture = described | {"width": 800, "height": 600}
    match kind:
        case "photo":
            return {"photo": [picture]}
        case "voice" | "audio":
            return {kind: described | {"duration": 3, "mime_type": file.mime}}
        case "video" | "animation":
            return {kind: picture | {"duration": 3, "mime_type": file.mime, "file_name": file.name}}
        case "sticker":
            return {kind: picture | {"type": "regular", "is_animated": False, "is_video": False}}
        case _:
            return {kind: described | {"mime_type": file.mime, "file_name": file.name}}


def _file(file_id: str, file: StoredFile) -> dict[str, Any]:
    return {"file_id": file_id, "file_unique_id": f"unique-{file_id}", "file_size": len(file.data)}


def _place(call: Call) -> dict[str, float]:
    try:
        place = {name: float(call.fields[name]) for name in ("latitude", "longitude")}
    except (KeyError, ValueError):
        raise bad("location must be non-empty") from None
    return place


def _marked(call: Call, field: str) -> tuple[str, list[dict[str, Any]]]:
    text = call.fields.get(field, "")
    mode = call.fields.get("parse_mode", "").lower()
    if mode == "html":
        return read(text)
    if mode:
        raise bad("unsupported parse_mode")
    return text.strip(), []


def _sent(chats: Chats, chat: Chat, call: Call, content: dict[str, Any]) -> dict[str, Any]:
    if topic := call.fields.get("message_thread_id", ""):
        if not topic.isdecimal() or int(topic) not in chat.topics:
            raise bad("message thread not found")
        content |= {"message_thread_id": int(topic), "is_topic_message": True}
    content |= _quoted(chat, call.fields.get("reply_parameters", ""))
    buttons = keyboard(call.fields.get("reply_markup", ""))
    if buttons:
        content |= {"reply_markup": {"inline_keyboard": buttons}}
    return chat.add(chats.bot, call.date, content)


def _own(chats: Chats, call: Call) -> dict[str, Any]:
    """The message of the bot's that is to be edited."""
    chat, number = chats.reachable(call.fields.get("chat_id", "")), call.fields.get("message_id", "")
    try:
        message = chat.message(int(number))
    except (LookupError, ValueError):
        raise bad("message to edit not found") from None
    if not message["from"]["is_bot"]:
        raise bad("message can't be edited")
    return message


def _changed(message: dict[str, Any], call: Call, **content: Any) -> dict[str, Any]:  # noqa: ANN401  a message's fields
    """The message with this content and the call's buttons, which replace those it had."""
    buttons = keyboard(call.fields.get("reply_markup", ""))
    content = {name: value for name, value in content.items() if value}
    if buttons:
        content["reply_markup"] = {"inline_keyboard": buttons}
    editable = ("text", "entities", "caption", "caption_entities", "reply_markup")
    if {name: message[name] for name in editable if name in message} == content:
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    for name in editable:
        message.pop(name, None)
    message |= content | {"edit_date": call.date}
    return message


def _quoted(chat: Chat, reply: str) -> dict[str, Any]:
    """The message that is answered, if it is there."""
    if not reply:
        return {}
    wanted = json.loads(reply)
    try:
        message = chat.message(int(wanted["message_id"]))
    except LookupError:
        if wanted.get("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found") from None
    return {"reply_to_message": {name: value for name, value in message.items() if name != "reply_to_message"}}


METHODS: Final[Mapping[str, Method]] = {
    "getme": get_me,
    "sendmessage": send_message,
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "sendlocation": send_location,
    "sendvenue": send_venue,
    "sendcontact": send_contact,
    "sendchataction": send_chat_action,
    "answercallbackquery": answer_callback_query,
    "getfile": get_file,
} | {f"send{kind}": _sending(kind) for kind in ("photo", "voice", "video", "animation", "sticker", "document", "audio")}
"""By name in lower case: the platform ignores the case."""
