"""The way to bots that run elsewhere: the careful client, with the machines that the administrator allows."""

from collections.abc import Mapping

from yarl import URL

from config.bots import Remote
from gateway.media.safe_client import SafeClient, TooMuch


class BotLine:
    """Sends to remote bots. A bot that may be on our own network is allowed its own host and port, and no other."""

    def __init__(self) -> None:
        self._clients: dict[tuple[str, int] | None, SafeClient] = {}

    def to(self, bot: Remote) -> "BotLine._To":
        """How this bot is reached."""
        url = URL(bot.url)
        place = (url.host or "", url.port or 0) if bot.is_inside else None
        client = self._clients.get(place)
        if client is None:
            client = self._clients[place] = SafeClient(() if place is None else (place,))
        return BotLine._To(client)

    async def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.close()
        self._clients.clear()

    class _To:
        """One bot's way."""

        def __init__(self, client: SafeClient) -> None:
            self._client = client

        async def post(self, url: str, body: bytes, headers: Mapping[str, str], most_bytes: int) -> bytes:
            """Send, and give the body of the answer (`adapters.bots.question.Post`)."""
            try:
                return await self._client.post(url, body, headers, most_bytes)
            except TooMuch as error:
                raise ValueError(str(error)) from error
