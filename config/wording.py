"""Wording: instants and spans as a person says them, in the languages of the shipped files.

``next_open`` reads "tomorrow 09:00 (Beijing time)", never an ISO instant. A language that is not here reads English.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from skills.language import best_reply_language

DAYS_BY_NAME = 6
"""A weekday alone names a day at most this far ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language; the forms have gaps such as ``{time}``, ``{day}`` and ``{count}``."""

    today: str
    tomorrow: str
    weekday: str
    weekdays: tuple[str, ...]
    date: str
    minutes: str
    hours: str
    less_than_a_minute: str
    zone: str
    cities: Mapping[str, str]
    sample_name: str
    choices: Mapping[str, str]


_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

WORDS: Mapping[str, Words] = {
    "zh-CN": Words(
        today="今天 {time}",
        tomorrow="明天 {time}",
        weekday="{day} {time}",
        weekdays=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
        date="{month}月{date}日 {time}",
        minutes="{count} 分钟",
        hours="{count} 小时",
        less_than_a_minute="不到 1 分钟",
        zone="（{city}时间）",
        cities={"Asia/Shanghai": "北京", "Asia/Tokyo": "东京", "Asia/Taipei": "台北", "Asia/Hong_Kong": "香港"},
        sample_name="小明",
        choices={
            "waiting:stay": "继续等待",
            "waiting:leave_message": "留言",
            "waiting:call_back": "稍后联系我",
            "waiting:cancel": "取消",
        },
    ),
    "zh-TW": Words(
        today="今天 {time}",
        tomorrow="明天 {time}",
        weekday="{day} {time}",
        weekdays=("週一", "週二", "週三", "週四", "週五", "週六", "週日"),
        date="{month}月{date}日 {time}",
        minutes="{count} 分鐘",
        hours="{count} 小時",
        less_than_a_minute="不到 1 分鐘",
        zone="（{city}時間）",
        cities={"Asia/Shanghai": "北京", "Asia/Tokyo": "東京", "Asia/Taipei": "台北", "Asia/Hong_Kong": "香港"},
        sample_name="小明",
        choices={
            "waiting:stay": "繼續等待",
            "waiting:leave_message": "留言",
            "waiting:call_back": "稍後聯繫我",
            "waiting:cancel": "取消",
        },
    ),
    "ja": Words(
        today="本日 {time}",
        tomorrow="明日 {time}",
        weekday="{day} {time}",
        weekdays=("月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日", "日曜日"),
        date="{month}月{date}日 {time}",
        minutes="{count}分",
        hours="{count}時間",
        less_than_a_minute="1分以内",
        zone="（{city}時間）",
        cities={"Asia/Shanghai": "北京", "Asia/Tokyo": "日本", "Asia/Taipei": "台北", "Asia/Hong_Kong": "香港"},
        sample_name="山田",
        choices={
            "waiting:stay": "このまま待つ",
            "waiting:leave_message": "メッセージを残す",
            "waiting:call_back": "後で連絡してほしい",
            "waiting:cancel": "キャンセル",
        },
    ),
    "en": Words(
        today="{time} today",
        tomorrow="{time} tomorrow",
        weekday="{time} on {day}",
        weekdays=_ENGLISH_DAYS,
        date="{time} on {year}-{month:02}-{date:02}",
        minutes="{count} min",
        hours="{count} h",
        less_than_a_minute="less than a minute",
        zone=" ({city} time)",
        cities={"Asia/Shanghai": "Beijing"},
        sample_name="Alex",
        choices={
            "waiting:stay": "Keep waiting",
            "waiting:leave_message": "Leave a message",
            "waiting:call_back": "Contact me later",
            "waiting:cancel": "Cancel",
        },
    ),
}


def words_of(language: str) -> Words:
    """The words of the language that a reader of ``language`` reads best."""
    return WORDS[best_reply_language(language, tuple(WORDS))]


def say_instant(at: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    """An instant to come, as somebody in ``zone`` says it at ``now``."""
    words = words_of(language)
    there, today = at.astimezone(zone), now.astimezone(zone).date()
    days = (there.date() - today).days
    forms = {0: words.today, 1: words.tomorrow}
    form = forms.get(days, words.weekday if 0 <= days <= DAYS_BY_NAME else words.date)
    said = form.format(
        time=f"{there:%H:%M}",
        day=words.weekdays[there.weekday()],
        year=there.year,
        month=there.month,
        date=there.day,
    )
    city = words.cities.get(zone.key, zone.key.rsplit("/", maxsplit=1)[-1].replace("_", " "))
    return said + words.zone.format(city=city)


def say_range(likely: timedelta, most: timedelta, language: str) -> str:
    """A range for the wait: ``2–5 min``; one span when both ends sound the same."""
    first, last = say_span(likely, language), say_span(most, language)
    if first == last:
        return first
    words = words_of(language)
    low, high = -(-likely // timedelta(minutes=1)), -(-most // timedelta(minutes=1))
    if likely >= timedelta(minutes=1) and high < 90:  # noqa: PLR2004 - as below
        return words.minutes.format(count=f"{low}–{high}")
    return f"{first} – {last}"


def say_choice(choice: str, language: str) -> str:
    """The label of a button of the menu for who waits; the value itself when it has no words."""
    return words_of(language).choices.get(choice, choice)


def say_span(span: timedelta, language: str) -> str:
    """A span to wait, rounded up to minutes, from an hour and a half on to hours."""
    words = words_of(language)
    minutes = -(-span // timedelta(minutes=1))
    if span < timedelta(minutes=1):
        return words.less_than_a_minute
    if minutes < 90:  # noqa: PLR2004 - below an hour and a half, minutes say more
        return words.minutes.format(count=minutes)
    return words.hours.format(count=-(-span // timedelta(hours=1)))
