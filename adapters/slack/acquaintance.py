"""Who somebody is: the platform names people by id only, so their names are asked for when they first write.

Asked once for each address while the process lives; the answer has one delivery key for each address, so that it counts
once for ever. In a thread it is whoever wrote first whose name the thread has.
"""

from collections import OrderedDict
from typing import Final

import msgspec

from adapters.contract import Came, Introduction, Parsed, Profile, Wrote
from adapters.errors import ChannelBroken, DeliveryError
from adapters.slack.client import SessionClient, judged
from adapters.slack.deliver import TokenOf
from adapters.slack.happening import MEMBER

REMEMBERED: Final = 10_000


class _Names(msgspec.Struct, frozen=True):
    display_name: str = ""
    real_name: str = ""


class _User(msgspec.Struct, frozen=True):
    name: str = ""
    locale: str = ""
    profile: _Names = _Names()


class Acquaintance:
    """The people of one app's workspaces."""

    def __init__(self, client: SessionClient, token_of: TokenOf) -> None:
        self._client = client
        self._token_of = token_of
        self._asked: OrderedDict[str, None] = OrderedDict()

    def introduction(self, parsed: Parsed) -> Introduction | None:
        """What is to be asked about the one who wrote; None when they are known, or nobody wrote."""
        wrote = parsed.inbound[0] if parsed.inbound else None
        if not isinstance(wrote, Wrote) or wrote.is_aside or wrote.address in self._asked:
            return None
        address, user = wrote.address, wrote.profile.attributes.get(MEMBER, "")

        async def ask() -> Came | None:
            if not user or address in self._asked:
                return None
            self._asked[address] = None
            if len(self._asked) > REMEMBERED:
                self._asked.popitem(last=False)
            try:
                profile = await self._profile(address.partition(":")[0], user)
            except DeliveryError:
                self._asked.pop(address, None)
                raise
            return Came(delivery_key=f"{address}:named", address=address, profile=profile)

        return ask

    async def _profile(self, installation: str, user: str) -> Profile:
        token = await self._token_of(installation)
        if not token:
            raise ChannelBroken("not_installed", "nobody can be asked about")
        answer = await judged(self._client.users_info(user=user, include_locale=True, token=token), token)
        try:
            found = msgspec.convert(answer["user"], _User)
        except msgspec.ValidationError:
            found = _User()
        name = found.profile.display_name or found.profile.real_name or found.name
        return Profile(name=name, username=found.name, language=found.locale, attributes={MEMBER: user})
