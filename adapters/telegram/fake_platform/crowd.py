"""What people do in groups, and with messages: they speak with each other and the bot, react, move, throw it out."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adapters.telegram.fake_platform.chats import Chat
from adapters.telegram.fake_platform.mailbox import Update

if TYPE_CHECKING:
    from adapters.telegram.fake_platform.platform import FakePlatform


@dataclass(frozen=True, slots=True)
class Crowd:
    """The people of one platform, beyond their private chats."""

    platform: "FakePlatform"

    def group(self, chat_id: int, title: str, *topics: int, kind: str = "supergroup") -> Chat:
        """A group that the bot is in, with the topics of these numbers. Ids of groups are negative."""
        chat = Chat(chat_id=chat_id, first_name=title, language_code="", kind=kind, topics=frozenset(topics))
        self.platform.chats.chats[chat_id] = chat
        return chat

    async def write(
        self,
        chat_id: int,
        by: int,
        text: str,
        *,
        topic: int = 0,
        reply_to: int = 0,
        **more: Any,  # noqa: ANN401  any field of a message
    ) -> Update:
        """A contact (``by``, who has a private chat) writes in a group. The bot's name in the text is a mention."""
        content: dict[str, Any] = {"text": text, "from": self.platform.chats.chats[by].person()} | more
        if entities := self._entities(text):
            content["entities"] = entities
        if topic:
            content |= {"message_thread_id": topic, "is_topic_message": True}
        if reply_to:
            content["reply_to_message"] = dict(self.platform.chats.chats[chat_id].message(reply_to))
        return await self.platform.write(chat_id, **content)

    async def react(self, chat_id: int, message_id: int, *emoji: str, by: int = 0) -> Update:
        """A contact puts these signs under a message, in the place of earlier ones; none takes them back."""
        chats = self.platform.chats.chats
        signs = [{"type": "emoji", "emoji": each} for each in emoji]
        standing = chats[chat_id].signs
        before, standing[message_id, by] = standing.get((message_id, by), []), signs
        reaction = {
            "chat": chats[chat_id].place(),
            "message_id": message_id,
            "user": chats[by or chat_id].person(),
            "date": self.platform.date(),
            "old_reaction": before,
            "new_reaction": signs,
        }
        return await self.platform.happened(f"reaction:{chat_id}", {"message_reaction": reaction})

    async def upgrade(self, chat_id: int, to: int) -> tuple[Update, Update]:
        """A group becomes a supergroup: it has another id from now on, and calls to the former one say so."""
        former = self.platform.chats.chats[chat_id]
        self.group(to, former.first_name)
        former.moved_to = to
        return (
            await self.platform.write(chat_id, migrate_to_chat_id=to),
            await self.platform.write(to, migrate_from_chat_id=chat_id),
        )

    async def throw_out(self, chat_id: int, by: int) -> Update:
        """Somebody removes the bot from a group."""
        chats = self.platform.chats
        chats.chats[chat_id].is_blocked = True
        change = {
            "chat": chats.chats[chat_id].place(),
            "from": chats.chats[by].person(),
            "date": self.platform.date(),
            "old_chat_member": {"status": "member", "user": chats.bot},
            "new_chat_member": {"status": "left", "user": chats.bot},
        }
        return await self.platform.happened(f"member:{chat_id}", {"my_chat_member": change})

    def _entities(self, text: str) -> list[dict[str, Any]]:
        """The bot's name as a mention, or at the end of a command; in UTF-16 code units."""
        name = re.escape(str(self.platform.chats.bot["username"]))
        return [
            {
                "type": "bot_command" if match[0].startswith("/") else "mention",
                "offset": len(text[: match.start()].encode("utf-16-le")) // 2,
                "length": len(match[0]),
            }
            for match in re.finditer(rf"(?:^/\w+|(?<!\w))@{name}\b", text)
        ]
