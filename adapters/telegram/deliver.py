"""Sending through python-telegram-bot's `Bot`: each step of a plan is one call, each call's answer is judged."""

from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import Any, Final, TypeVar

import msgspec
import telegram
from telegram.constants import ChatAction, ParseMode

from adapters.contract import Amendment, Delivered, Outbound
from adapters.degrade import Piece, fit
from adapters.errors import Ambiguous, DeliveryError, Rejected
from adapters.stepwise import deliver_in_steps
from adapters.telegram.markup import render
from adapters.telegram.place import Place
from adapters.telegram.plan import (
    CAPABILITIES,
    Form,
    Introduce,
    Point,
    Say,
    Step,
    Upload,
    on_the_wire,
    option_names,
    plan,
)
from adapters.telegram.refusal import NotModified
from adapters.telegram.request import CallFailed, SessionRequest, answered
from adapters.telegram.salvage import UNREADABLE
from router.message import ContactCard, Location, Option

_STAND_IN: Final = "0:token"  # the library must have one; the request layer knows the real one

T = TypeVar("T")


class _Message(msgspec.Struct, frozen=True):
    message_id: int


class _Path(msgspec.Struct, frozen=True):
    file_path: str = ""


class _SentMessage(msgspec.Struct, frozen=True):
    result: _Message


class _FoundFile(msgspec.Struct, frozen=True):
    result: _Path


class _Named(msgspec.Struct, frozen=True):
    username: str = ""


class _FoundMe(msgspec.Struct, frozen=True):
    result: _Named


class UnreadableAnswer(Ambiguous):
    """The platform said yes in a shape that the library cannot read."""


class Sender:
    """What one bot says: texts, files, places, cards, buttons, signs of typing."""

    def __init__(self, request: SessionRequest) -> None:
        self._request = request
        self._bot = telegram.Bot(
            token=_STAND_IN,
            base_url=lambda _: "",
            base_file_url=lambda _: "",
            request=request,
            get_updates_request=request,
        )

    async def deliver(self, message: Outbound) -> Delivered:
        """Send a message, in as many calls as it takes.

        Raises:
            DeliveryError: one of the closed set; `Ambiguous` when only the first calls succeeded.
        """
        what = plan(message)

        def send(step: Step, keys: Sequence[str]) -> Awaitable[str]:
            return self._send(message.address, step, "" if any(keys) else message.reply_to)

        return await deliver_in_steps(message, what.steps, lost=what.lost, send=send, name=_name)

    async def edit(self, amendment: Amendment) -> Delivered:
        """Put other words into messages that were sent.

        Raises:
            DeliveryError: one of the closed set; `Rejected` when the words need another number of messages.
        """
        pieces = fit(amendment.parts, CAPABILITIES).pieces
        if len(pieces) != len(amendment.keys):
            raise Rejected("other_pieces", "the new words would be another number of messages")
        names = option_names(amendment.message, amendment.parts)
        for key, piece in zip(amendment.keys, pieces, strict=True):
            if key and not isinstance(piece.thing, Location | ContactCard):
                with suppress(NotModified):
                    await self._rewrite(key, piece, _keyboard(on_the_wire(piece.options, names)))
        return Delivered(keys=amendment.keys)

    async def acknowledge(self, ack: str) -> None:
        """Tell the contact's client that the button press has arrived.

        Raises:
            DeliveryError: the platform refused (it takes this for a short while only) or was not reached.
        """
        await judged(self._bot.answer_callback_query(ack))

    async def show_typing(self, address: str) -> None:
        """Show that somebody types, for five seconds or until a message comes.

        Raises:
            DeliveryError: the platform refused or was not reached.
        """
        place = Place.of(address)
        await judged(self._bot.send_chat_action(place.chat, ChatAction.TYPING, message_thread_id=place.topic))

    async def username(self) -> str:
        """Under which name people call the bot in groups.

        Raises:
            DeliveryError: the platform refused or was not reached.
        """
        answer = await judged(self._request.call("getMe", {}))
        try:
            return msgspec.json.decode(answer, type=_FoundMe).result.username
        except UNREADABLE:
            raise UnreadableAnswer("unreadable_answer", "the platform's answer names no bot") from None

    async def file_path(self, ref: str) -> str:
        """Where a file of the contact's lies for the next hour, as the platform names it.

        Raises:
            DeliveryError: the platform refused or was not reached; `Rejected` when the file is too large or unknown.
        """
        answer = await judged(self._request.call("getFile", {"file_id": ref}))
        try:
            return msgspec.json.decode(answer, type=_FoundFile).result.file_path
        except UNREADABLE:
            raise UnreadableAnswer("unreadable_answer", "the platform's answer names no file") from None

    async def _send(self, address: str, step: Step, reply_to: str) -> str:
        """Make one call; the key of the message that it became.

        The id is read by us: the platform's yes is a yes, whatever else of it the library stumbles over.
        """
        answered.set(b"")
        with suppress(UnreadableAnswer):
            await judged(self._call(address, step, reply_to))
        try:
            number = msgspec.json.decode(answered.get(), type=_SentMessage).result.message_id
        except UNREADABLE:
            raise UnreadableAnswer("unreadable_answer", "the platform's answer names no message") from None
        return f"{Place.of(address).chat}:{number}"

    async def _call(self, address: str, step: Step, reply_to: str) -> telegram.Message:
        bot, place = self._bot, Place.of(address)
        chat = place.chat
        more: dict[str, Any] = {
            "reply_markup": _keyboard(step.options),
            "reply_parameters": _reply(reply_to),
            "message_thread_id": place.topic,
        }
        match step:
            case Say(html=html):
                return await bot.send_message(chat, html, parse_mode=ParseMode.HTML, **more)
            case Upload():
                return await self._upload(chat, step, more)
            case Point(location=spot) if spot.label:
                where = (spot.latitude, spot.longitude, spot.label, spot.address or spot.label)
                return await bot.send_venue(chat, *where, **more)
            case Point(location=spot):
                return await bot.send_location(chat, spot.latitude, spot.longitude, **more)
            case Introduce(card=card):
                return await bot.send_contact(chat, card.phone, card.name or card.phone, **more)

    async def _rewrite(self, key: str, piece: Piece, keyboard: telegram.InlineKeyboardMarkup | None) -> None:
        """Replace one message's text or caption, and its buttons."""
        chat, _, number = key.rpartition(":")
        html, bot = render(piece.words), self._bot
        of: dict[str, Any] = {"chat_id": int(chat), "message_id": int(number), "reply_markup": keyboard}
        with suppress(UnreadableAnswer):  # the platform's yes is a yes, whatever the library makes of it
            if piece.thing is None:
                await judged(bot.edit_message_text(html, parse_mode=ParseMode.HTML, **of))
            else:
                await judged(bot.edit_message_caption(caption=html, parse_mode=ParseMode.HTML, **of))

    async def _upload(self, chat: int, step: Upload, more: dict[str, Any]) -> telegram.Message:
        bot, file = self._bot, telegram.InputFile(step.data, filename=step.name)
        if step.form is Form.STICKER:
            return await bot.send_sticker(chat, file, **more)
        if step.caption:
            more |= {"caption": step.caption, "parse_mode": ParseMode.HTML}
        match step.form:
            case Form.PHOTO:
                return await bot.send_photo(chat, file, **more)
            case Form.VOICE:
                return await bot.send_voice(chat, file, **more)
            case Form.VIDEO:
                return await bot.send_video(chat, file, **more)
            case Form.ANIMATION:
                return await bot.send_animation(chat, file, **more)
            case Form.DOCUMENT:
                return await bot.send_document(chat, file, disable_content_type_detection=True, **more)


async def judged(call: Awaitable[T]) -> T:
    """What a call gives, or our own error for why it gave nothing.

    Raises:
        DeliveryError: one of the closed set.
    """
    error: DeliveryError
    try:
        return await call
    except CallFailed as failure:
        error = failure.error
    except telegram.error.TelegramError as failure:
        error = Rejected("refused_here", type(failure).__name__)  # the library's own checks, before anything is sent
    except (TypeError, KeyError, AttributeError, ValueError) as failure:
        # What the library does not expect in an answer, it raises as whatever comes.
        error = UnreadableAnswer("unreadable_answer", type(failure).__name__)
    raise error


def _reply(key: str) -> telegram.ReplyParameters | None:
    """The message that this one answers; when it is gone, the answer is sent all the same."""
    number = key.partition(":")[2]
    if not number.isdecimal():  # a press of a button has a key, but is no message
        return None
    return telegram.ReplyParameters(int(number), allow_sending_without_reply=True)


def _keyboard(options: Sequence[Option]) -> telegram.InlineKeyboardMarkup | None:
    """One button a row: labels in Chinese and in German both fit."""
    if not options:
        return None
    buttons = (telegram.InlineKeyboardButton(option.label, callback_data=option.value) for option in options)
    return telegram.InlineKeyboardMarkup([[button] for button in buttons])


def _name(step: Step) -> str:
    return step.form.value if isinstance(step, Upload) else type(step).__name__.lower()
