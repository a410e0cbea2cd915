"""What an event means: who came and by what entry, who left, what was chosen; everything else has a reason.

Facts: developers.weixin.qq.com, *Receiving event pushes* and *Menu events*. An event of a kind that nobody has heard
of is kept and shown as unknown; the many that the platform sends for its other products are not.
"""

from datetime import timedelta

from adapters.contract import Came, Grant, Left, Parsed, Wrote
from adapters.wechat.document import Fields, below, words
from adapters.wechat.origin import ACCEPTED, Origin
from router.message import Choice, Part, Text, Unknown

MENU_GRANT = Grant(sends=3, lasts=timedelta(minutes=1))
"""What a click, a follow or a scan allows us to send (*Customer-service messages*, since June 2023)."""

_QR_PREFIX = "qrscene_"

_FOLLOWED_BY_A_MESSAGE = frozenset({"pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select"})
"""The contact chose to send something: the something comes as a message of its own."""

_REASONS = {
    "LOCATION": "where the contact is: nobody asked",
    "VIEW": "a page was opened from the menu",
    "view_miniprogram": "a mini program was opened from the menu",
    "scancode_push": "a code was scanned, and the contact's client shows where it leads",
    "TEMPLATESENDJOBFINISH": "what became of a template message that we do not send",
    "MASSSENDJOBFINISH": "what became of a broadcast that we do not send",
    "PUBLISHJOBFINISH": "an article was published",
    "subscribe_msg_popup_event": "a question about subscriptions was answered",
    "subscribe_msg_change_event": "a subscription was changed",
    "subscribe_msg_sent_event": "what became of a subscription message that we do not send",
    "kf_create_session": "the platform's own service desk took a contact",
    "kf_close_session": "the platform's own service desk let a contact go",
    "kf_switch_session": "the platform's own service desk passed a contact on",
    "user_enter_tempsession": "the contact opened the chat from a mini program",
    "user_info_modified": "the contact changed or withdrew personal data",
    "user_authorization_revoke": "the contact withdrew an authorisation",
    "user_authorization_cancellation": "the contact closed the account",
    "wxa_media_check": "the platform checked a file",
    "weapp_audit_success": "about a mini program",
    "weapp_audit_fail": "about a mini program",
    "WifiConnected": "the contact joined a shop's network",
    "ShakearoundUserShake": "the contact shook the phone near a shop",
    "poi_check_notify": "the platform checked a shop's entry",
    "submit_membercard_user_info": "about a membership card",
    "update_member_card": "about a membership card",
    "card_sku_remind": "about a coupon's stock",
    "merchant_order": "an order in the platform's own shop",
    "annual_renew": "the account's verification is due",
    "verify_expired": "the account's verification has expired",
    "qualification_verify_success": "the account was verified",
    "qualification_verify_fail": "the account was not verified",
    "naming_verify_success": "the account's name was verified",
    "naming_verify_fail": "the account's name was not verified",
}

_FAMILIES = {
    "card_": "about a coupon",
    "user_get_card": "about a coupon",
    "user_gifting_card": "about a coupon",
    "user_del_card": "about a coupon",
    "user_consume_card": "about a coupon",
    "user_pay_from_pay_cell": "about a coupon",
    "user_view_card": "about a coupon",
    "user_enter_session_from_card": "about a coupon",
    "user_scan_product": "about a scanned product",
    "subscribe_scan_product": "about a scanned product",
    "device_": "about a device",
    "user_authorize_invoice": "about an invoice",
    "submit_invoice_title": "about an invoice",
    "update_invoice_status": "about an invoice",
    "open_product_": "an order in the platform's own shop",
    "product_": "an order in the platform's own shop",
}


def happened(fields: Fields, origin: Origin) -> Parsed:
    """What an event means; the platform is answered alike whatever it is."""
    kind, key = words(fields, "Event"), words(fields, "EventKey")
    match kind:
        case "subscribe":
            return _came(origin, key.removeprefix(_QR_PREFIX) if key.startswith(_QR_PREFIX) else "")
        case "SCAN":
            return _came(origin, key)
        case "unsubscribe":
            left = Left(delivery_key=origin.key, address=origin.address, at=origin.at, reason="unsubscribed")
            return Parsed(inbound=(left,), reply=ACCEPTED)
        case "CLICK" if key:
            return _wrote(origin, (Choice(value=key),), key)
        case "scancode_waitmsg":
            return _scanned(fields, origin, key)
        case _:
            return _rarer(kind, origin)


def _rarer(kind: str, origin: Origin) -> Parsed:
    if kind in _FOLLOWED_BY_A_MESSAGE:
        return Parsed(reason=f"{kind}: what was chosen comes as a message", reply=ACCEPTED)
    reason = _REASONS.get(kind) or next((why for start, why in _FAMILIES.items() if kind.startswith(start)), "")
    if reason:
        return Parsed(reason=f"{kind}: {reason}", reply=ACCEPTED)
    if not kind:
        return Parsed(reason="an event without a kind", reply=ACCEPTED)
    return _wrote(origin, (Unknown(kind=kind[:64]),), "", grant=None)


def _came(origin: Origin, entry: str) -> Parsed:
    came = Came(
        delivery_key=origin.key,
        address=origin.address,
        at=origin.at,
        profile=origin.profile,
        entry=entry,
        grant=MENU_GRANT,
    )
    return Parsed(inbound=(came,), reply=ACCEPTED)


def _scanned(fields: Fields, origin: Origin, key: str) -> Parsed:
    """A menu's scanner passes on what it read; the entry is the menu's line."""
    found = words(below(fields, "ScanCodeInfo"), "ScanResult")
    said: tuple[Part, ...] = (Text(text=found),) if found else ()
    if not said and not key:
        return Parsed(reason="scancode_waitmsg: nothing was read", reply=ACCEPTED)
    return _wrote(origin, (*((Choice(value=key),) if key else ()), *said), key)


def _wrote(origin: Origin, said: tuple[Part, ...], entry: str, grant: Grant | None = MENU_GRANT) -> Parsed:
    wrote = Wrote(
        delivery_key=origin.key,
        address=origin.address,
        at=origin.at,
        message_key=origin.key,
        profile=origin.profile,
        parts=said,
        entry=entry,
        grant=grant,
    )
    return Parsed(inbound=(wrote,), reply=ACCEPTED)
