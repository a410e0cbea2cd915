"""What an unsuccessful answer of the Web API means: the HTTP status, then the error code, never the words around it.

Codes: the reference pages of the methods that we call (docs.slack.dev/reference/methods). Each is listed under what is
wrong; a code that is not listed is about this message.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from typing import Final

import msgspec

from adapters.errors import Ambiguous, ChannelBroken, ContactUnreachable, DeliveryError, Rejected, Throttled, Whose
from adapters.slack.reading import UNREADABLE


class Blame(Enum):
    """What an error code is about."""

    INSTALLATION = "token, scopes or set-up: nothing will be delivered until somebody repairs it"
    PLACE = "the conversation: closed, gone, or not ours to write to"
    MESSAGE = "this message: it will never be taken"
    LATER = "nothing was done: ask again later"
    UNKNOWN = "part of it may have been done"


_CODES: Final[Mapping[Blame, str]] = {
    Blame.INSTALLATION: """
        access_denied accesslimited account_inactive app_access_restricted app_missing_action_url as_user_not_supported
        bad_token deprecated_endpoint ekm_access_denied enterprise_is_restricted forbidden_team insecure_request
        invalid_app_id invalid_auth is_inactive_installation method_deprecated missing_scope no_permission not_allowed
        not_allowed_token_type not_authed not_enabled not_implemented org_login_required send_on_behalf_not_allowed
        slack_connect_app_blocked team_access_not_granted team_not_found token_expired token_revoked
        two_factor_setup_required unknown_method file_uploads_disabled storage_limit_reached
    """,
    Blame.PLACE: """
        cannot_reply_to_message channel_not_found channels_limit_exceeded external_channel_migrating invalid_channel
        is_archived is_bot is_inactive messages_tab_disabled method_not_supported_for_channel_type no_access
        not_enough_users not_in_channel posting_to_channel_denied restricted_action
        restricted_action_non_threadable_channel restricted_action_read_only_channel restricted_action_thread_locked
        restricted_action_thread_only_channel thread_locked thread_not_found user_disabled user_not_found
        user_not_visible users_list_not_supplied users_not_found invalid_user_combination too_many_users
    """,
    Blame.MESSAGE: """
        already_reacted alt_txt_too_large attachment_payload_limit_exceeded bad_timestamp block_mismatch
        blocked_file_type cant_broadcast_message cant_delete_message cant_update_message draft_already_deleted
        draft_already_sent draft_has_conflict draft_not_found duplicate_channel_not_found duplicate_external_id
        duplicate_message_not_found edit_window_closed exchanged_trigger_id expired_trigger_id file_deleted
        file_is_deleted file_not_found file_share_limit_reached file_type_not_allowed file_update_failed
        file_upload_size_restricted file_uploads_except_images_disabled hash_conflict invalid_arg_name invalid_arguments
        invalid_array_arg invalid_attachments invalid_blocks invalid_blocks_format invalid_charset invalid_form_data
        invalid_metadata_format invalid_metadata_schema invalid_name invalid_post_type invalid_scheduled_message_id
        invalid_thread_ts invalid_trigger_id invalid_ts_latest markdown_text_conflict max_file_sharing_exceeded
        message_not_found metadata_must_be_sent_from_app metadata_too_large missing_args missing_argument
        missing_file_data missing_post_type missing_profile_id msg_blocks_too_long msg_too_long
        no_dual_broadcast_content_update no_item_specified no_text not_reactable slack_connect_blocked_file_type
        slack_connect_canvas_sharing_blocked slack_connect_clip_sharing_blocked slack_connect_file_link_sharing_blocked
        slack_connect_file_upload_sharing_blocked slack_connect_lists_sharing_blocked snippet_too_large
        streaming_state_conflict too_many_attachments too_many_contact_cards too_many_emoji too_many_reactions
        unable_to_share_files unknown_snippet_type unknown_subtype update_failed view_too_large
    """,
    Blame.LATER: """
        message_limit_exceeded rate_limited ratelimited request_timeout service_unavailable team_added_to_org
    """,
    Blame.UNKNOWN: "fatal_error internal_error",
}

BLAMES: Final[Mapping[str, Blame]] = {code: blame for blame, codes in _CODES.items() for code in codes.split()}

_WAITS: Final = {
    "message_limit_exceeded": timedelta(minutes=10),
    "team_added_to_org": timedelta(hours=1),
    "request_timeout": timedelta(seconds=1),
    "service_unavailable": timedelta(seconds=5),
}
"""How long to wait where the platform does not say: its words are "temporarily", "some hours"."""

_RATE: Final = frozenset({"ratelimited", "rate_limited"})

_OF_ONE_WORKSPACE: Final = frozenset({"message_limit_exceeded", "team_added_to_org"})
"""What an app that is installed in several workspaces meets in one of them, for long."""

_PER_CHANNEL: Final = frozenset({"", "chat.postMessage"})
"""The calls whose rate is each channel's (or, unsaid, the workspace's); any other's is the app's own, by its method."""

_SHORTEST_WAIT: Final = timedelta(seconds=1)
_USUAL_WAIT: Final = timedelta(seconds=10)
_DETAIL = 200


class _Metadata(msgspec.Struct, frozen=True):
    messages: tuple[str, ...] = ()


class _Answer(msgspec.Struct, frozen=True):
    ok: bool = False
    error: str = ""
    needed: str = ""
    response_metadata: _Metadata = _Metadata()


class _Least(msgspec.Struct, frozen=True):
    ok: bool
    error: str = ""


_decode = msgspec.json.Decoder(_Answer).decode
_decode_least = msgspec.json.Decoder(_Least).decode


def refusal(status: int, headers: Mapping[str, str], body: bytes, method: str = "") -> DeliveryError | None:
    """The error that an answer to a call of this method stands for; None for a success."""
    if status == 429:  # noqa: PLR2004  HTTP's own numbers are clearer than names for them
        return Throttled("throttled", _wait("ratelimited", headers), whose=_whose("ratelimited", method))
    if status >= 500 or status == 408:  # noqa: PLR2004
        return Ambiguous("no_answer", f"HTTP {status}")
    if 300 <= status < 400:  # noqa: PLR2004  a redirect would carry the token elsewhere: it is not followed
        return ChannelBroken("redirected", f"HTTP {status}: is api_base right?")
    try:
        answer = _read(body)
    except UNREADABLE:
        if status == 200:  # noqa: PLR2004
            return Ambiguous("unreadable_answer", "the platform's answer was not readable")
        return ChannelBroken("no_such_address", f"HTTP {status}: is api_base right?")
    if answer.ok:
        return None
    detail = "; ".join((*((f"needs {answer.needed}",) if answer.needed else ()), *answer.response_metadata.messages))
    return error_of(answer.error, headers, detail[:_DETAIL], method)


def error_of(code: str, headers: Mapping[str, str], detail: str = "", method: str = "") -> DeliveryError:
    """The error that a code stands for."""
    match BLAMES.get(code, Blame.MESSAGE):
        case Blame.INSTALLATION:
            return ChannelBroken(code, detail)
        case Blame.PLACE:
            return ContactUnreachable(code, detail)
        case Blame.MESSAGE:
            return Rejected(code[:64] or "refused", detail)
        case Blame.LATER:
            return Throttled(code, _wait(code, headers), whose=_whose(code, method))
        case Blame.UNKNOWN:
            return Ambiguous(code, "the platform failed; part of it may have been done")


def _read(body: bytes) -> _Answer:
    try:
        return _decode(body)
    except msgspec.ValidationError:  # what stands around the code may be of any form
        least = _decode_least(body)
        return _Answer(ok=least.ok, error=least.error)


def _whose(code: str, method: str) -> Whose:
    """Whose limit a call has reached (docs.slack.dev/apis/web-api/rate-limits)."""
    if code in _OF_ONE_WORKSPACE:
        return Whose.CONTACT
    return Whose.UNSAID if method in _PER_CHANNEL or code not in _RATE else Whose.INBOX


def _wait(code: str, headers: Mapping[str, str]) -> timedelta:
    header = headers.get("Retry-After", "")
    if not (header.isascii() and header.isdigit()):
        return _WAITS.get(code, _USUAL_WAIT)
    try:
        return max(timedelta(seconds=int(header)), _SHORTEST_WAIT)
    except OverflowError:
        return timedelta.max
