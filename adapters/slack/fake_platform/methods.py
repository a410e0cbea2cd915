"""The Web API's methods that a customer-service app calls, each as a function of the workspace and the arguments."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from adapters.slack.fake_platform.refusals import Refusal, check_blocks, check_text
from adapters.slack.fake_platform.workspace import (
    APP,
    BOT,
    BOT_NAME,
    BOT_USER,
    TEAM,
    Channel,
    Message,
    StoredFile,
    Workspace,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: its arguments, however they came, and when."""

    arguments: Mapping[str, Any]
    now: datetime

    def text(self, name: str) -> str:
        """An argument that is a text; empty when it is missing."""
        return str(self.arguments.get(name) or "")


Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Method:
    """A method, and the scope that it needs."""

    function: Callable[[Workspace, Call], Answer]
    scope: str = ""


def auth_test(_: Workspace, __: Call) -> Answer:
    """Who we are."""
    return {"team": "Pointsman demo", "team_id": TEAM, "user": BOT_NAME, "user_id": BOT_USER, "bot_id": BOT}


def post_message(workspace: Workspace, call: Call) -> Answer:
    """A text, with or without blocks."""
    channel = workspace.place(call.text("channel"))
    blocks = check_blocks(_parsed(call.arguments.get("blocks")))
    check_text(call.text("text"), blocks)
    content: Message = {"text": call.text("text")} | ({"blocks": blocks} if blocks else {})
    message = _said(workspace, channel, call, content)
    return {"channel": channel.channel, "ts": message["ts"], "message": message}


def update(workspace: Workspace, call: Call) -> Answer:
    """Other words for an own message."""
    channel = workspace.place(call.text("channel"))
    blocks = check_blocks(_parsed(call.arguments.get("blocks")))
    check_text(call.text("text"), blocks)
    try:
        message = channel.message(call.text("ts"))
    except LookupError:
        raise Refusal("message_not_found") from None
    if message.get("bot_id") != BOT:
        raise Refusal("cant_update_message")
    message |= {"text": call.text("text"), "blocks": blocks, "edited": {"user": BOT_USER, "ts": message["ts"]}}
    return {"channel": channel.channel, "ts": message["ts"], "text": message["text"], "message": message}


def conversations_open(workspace: Workspace, call: Call) -> Answer:
    """The direct channel with somebody."""
    return {"channel": {"id": workspace.direct(call.text("users")).channel}}


def users_info(workspace: Workspace, call: Call) -> Answer:
    """Who somebody is."""
    person = workspace.people.get(call.text("user"))
    if person is None:
        raise Refusal("user_not_found")
    return {"user": person.described()}


def files_info(workspace: Workspace, call: Call) -> Answer:
    """Where a file lies."""
    file = workspace.files.get(call.text("file"))
    if file is None or not file.is_shared:
        raise Refusal("file_not_found")
    return {"file": file.described(workspace.address)}


def get_upload_url(workspace: Workspace, call: Call) -> Answer:
    """A place for a file's bytes."""
    length = call.text("length")
    if not call.text("filename") or not length.isdecimal() or int(length) == 0:
        raise Refusal("missing_argument" if not length else "invalid_arguments")
    file = workspace.keep(call.text("filename"), int(length))
    return {"upload_url": f"{workspace.address}/upload/v1/{file.file}", "file_id": file.file}


def complete_upload(workspace: Workspace, call: Call) -> Answer:
    """Show uploaded files in a channel; a person's id is none."""
    wanted = _parsed(call.arguments.get("files")) or []
    files: list[StoredFile] = []
    for one in wanted:
        file = workspace.files.get(str(one.get("id")))
        if file is None or file.data is None or file.is_shared:
            raise Refusal("file_not_found")
        file.name = str(one.get("title") or file.name)
        files.append(file)
    if call.text("channel_id") not in workspace.channels:
        raise Refusal("channel_not_found")
    channel = workspace.place(call.text("channel_id"))
    for file in files:
        file.is_shared = True
    described = [file.described(workspace.address) for file in files]
    _said(workspace, channel, call, {"text": call.text("initial_comment"), "files": described})
    return {"files": [{"id": file.file, "title": file.name} for file in files]}


def _said(workspace: Workspace, channel: Channel, call: Call, content: Message) -> Message:
    if "thread_ts" in call.arguments:
        content |= {"thread_ts": _root(channel, call.text("thread_ts"))}
    return workspace.add(channel, call.now, {"user": BOT_USER, "bot_id": BOT, "app_id": APP, **content})


def _root(channel: Channel, stamp: str) -> str:
    try:
        channel.message(stamp)
    except LookupError:
        raise Refusal("invalid_thread_ts") from None
    return stamp


def _parsed(value: object) -> Any:  # noqa: ANN401  any JSON
    """An argument that is a structure, which forms carry as text."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        raise Refusal("invalid_blocks_format") from None


METHODS: Final[Mapping[str, Method]] = {
    "api.test": Method(lambda _, __: {}),
    "auth.test": Method(auth_test),
    "chat.postMessage": Method(post_message, "chat:write"),
    "chat.update": Method(update, "chat:write"),
    "conversations.open": Method(conversations_open, "im:write"),
    "users.info": Method(users_info, "users:read"),
    "files.info": Method(files_info, "files:read"),
    "files.getUploadURLExternal": Method(get_upload_url, "files:write"),
    "files.completeUploadExternal": Method(complete_upload, "files:write"),
}
SCOPES: Final = frozenset(method.scope for method in METHODS.values() if method.scope)
