"""What the account can ask for: customer-service messages, the typing sign, temporary files.

Each takes what was sent and gives what is answered, or refuses with the platform's code.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.wechat.fake_platform.account import Account, Refusal
from adapters.wechat.fake_platform.followers import MEDIA_FOR, Follower, Message, StoredFile

TEXT_LIMIT = 2048
MENU_LIMIT = 20
_KINDS: Mapping[str, tuple[int, frozenset[str]]] = {
    "image": (10 * 1024 * 1024, frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp"})),
    "voice": (2 * 1024 * 1024, frozenset({"audio/amr", "audio/mpeg", "audio/mp3"})),
    "video": (10 * 1024 * 1024, frozenset({"video/mp4"})),
    "thumb": (64 * 1024, frozenset({"image/jpeg"})),
}
_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00[01])[0-9a-fA-F]{4}")


@dataclass(slots=True, kw_only=True)
class Correspondence:
    """The account's followers and files."""

    account: Account
    now: Callable[[], datetime]
    followers: dict[str, Follower] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)

    def follower(self, openid: object) -> Follower:
        """The person of this openid.

        Raises:
            Refusal: there is none.
        """
        found = self.followers.get(openid) if isinstance(openid, str) else None
        if found is None:
            raise Refusal(40003, "invalid openid")
        return found

    def keep(self, kind: str, data: bytes, mime: str, name: str) -> str:
        """Store a file; its MediaId."""
        media_id = f"Kx{len(self.files) + 1:04d}-mEd1A_" + "a" * 50
        self.files[media_id] = StoredFile(data=data, kind=kind, mime=mime, name=name, kept_until=self.now() + MEDIA_FOR)
        return media_id

    def file(self, media_id: str) -> StoredFile:
        """A file.

        Raises:
            Refusal: there is none, or its three days are over.
        """
        found = self.files.get(media_id)
        if found is None or found.kept_until <= self.now():
            raise Refusal(40007, "invalid media_id")
        return found

    def upload(self, kind: str, data: bytes, mime: str, name: str) -> dict[str, Any]:
        """``media/upload``."""
        if kind not in _KINDS:
            raise Refusal(40004, "invalid media type")
        limit, types = _KINDS[kind]
        if not data:
            raise Refusal(44001, "empty media data")
        if len(data) > limit:
            raise Refusal(40009 if kind == "image" else 40006, "invalid media size")
        if mime not in types:
            raise Refusal(40005, "invalid file type")
        media_id = self.keep(kind, data, mime, name)
        key = "thumb_media_id" if kind == "thumb" else "media_id"
        return {"type": kind, key: media_id, "created_at": int(self.now().timestamp())}

    def send(self, body: bytes) -> dict[str, Any]:
        """``message/custom/send``."""
        asked = read(body)
        if not self.account.may_send:
            raise Refusal(48001, "api unauthorized")
        person = self.follower(asked.get("touser"))
        content = self._content(asked)
        person.spend(self.now())
        person.say("account", self.now(), content)
        return {"errcode": 0, "errmsg": "ok"}

    def type(self, body: bytes) -> dict[str, Any]:
        """``message/custom/typing``."""
        asked = read(body)
        if not self.account.may_send:
            raise Refusal(48001, "api unauthorized")
        self.follower(asked.get("touser")).type(str(asked.get("command")), self.now())
        return {"errcode": 0, "errmsg": "ok"}

    def _content(self, asked: Mapping[str, Any]) -> Message:
        kind = asked.get("msgtype")
        content = asked.get(kind) if isinstance(kind, str) else None
        if not isinstance(content, dict):
            raise Refusal(40008, "invalid message type")
        match kind:
            case "text":
                return {"kind": "text", "text": _text(content.get("content"))}
            case "image" | "voice" | "video":
                file = self.file(str(content.get("media_id")))
                if file.kind != kind:
                    raise Refusal(40007, "invalid media_id")
                return {"kind": kind, "text": "", "file": str(content["media_id"])}
            case "news":
                return _article(content)
            case "msgmenu":
                return self._menu(content)
            case _:
                raise Refusal(40008, "invalid message type")

    def _menu(self, content: Mapping[str, Any]) -> Message:
        if not self.account.may_send_menus:
            raise Refusal(40200, "invalid message type for this account")
        lines = content.get("list")
        if not isinstance(lines, list) or not 0 < len(lines) <= MENU_LIMIT:
            raise Refusal(47001, "data format error")
        options = [{"value": _text(line.get("id")), "label": _text(line.get("content"))} for line in lines]
        head, tail = str(content.get("head_content") or ""), str(content.get("tail_content") or "")
        if len(f"{head}{tail}".encode()) > TEXT_LIMIT:
            raise Refusal(45002, "content size out of limit")
        return {"kind": "msgmenu", "text": head, "tail": tail, "options": options}


def read(body: bytes) -> dict[str, Any]:
    """A call's JSON.

    Raises:
        Refusal: it is none, or its words were escaped, which the platform shows as they are.
    """
    if _ESCAPED.search(body):
        raise Refusal(40033, "invalid charset, please check if there is only UTF-8 content")
    try:
        asked = json.loads(body)
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise Refusal(47001, "data format error")
    return asked


def _text(content: object) -> str:
    if not isinstance(content, str) or not content.strip():
        raise Refusal(44004, "empty content")
    if len(content.encode()) > TEXT_LIMIT:
        raise Refusal(45002, "content size out of limit")
    return content


def _article(content: Mapping[str, Any]) -> Message:
    articles = content.get("articles")
    if not isinstance(articles, list) or len(articles) != 1:
        raise Refusal(45008, "article size out of limit")
    article = articles[0]
    return {"kind": "news", "text": _text(article.get("title")), "url": str(article.get("url") or "")}
