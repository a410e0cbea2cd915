"""What is wrong with an account's set-up: its credentials, its address, its mode, in words with what to do."""

from adapters.errors import ChannelBroken, DeliveryError
from adapters.finding import Finding, Severity
from adapters.wechat.api import Api
from adapters.wechat.settings import Mode, WeChatSettings

_ADVICE = {
    "wechat_40164": "enter this server's public address into the IP allow-list (IP 白名单) of the account",
    "wechat_40125": "copy the AppSecret from the console again, or reset it there",
    "wechat_40243": "unfreeze the AppSecret in the console",
    "wechat_40013": "copy the AppID from the console again",
    "wechat_40002": "api_base does not lead to the platform",
    "redirected": "api_base does not lead to the platform",
    "bad_address": "api_base is no address",
}


async def examine(settings: WeChatSettings, api: Api, webhook_url: str) -> tuple[Finding, ...]:
    """The findings, the credentials' first. Where the platform calls, and in which mode, only its console shows."""
    return (await _credentials(settings, api), _address(webhook_url), _mode(settings))


async def _credentials(settings: WeChatSettings, api: Api) -> Finding:
    if not settings.secret:
        advice = "set secret, if pictures are to be fetched"
        return Finding(severity=Severity.WARNING, what="no AppSecret: answers are relayed", advice=advice)
    try:
        await api.check()
    except ChannelBroken as error:
        return Finding(severity=Severity.ERROR, what=str(error), advice=_ADVICE.get(error.reason, "see setup.md"))
    except DeliveryError as error:
        return Finding(severity=Severity.ERROR, what=str(error), advice="the platform was not reached: network, proxy?")
    way = "answers are relayed" if settings.is_relayed else "we send by ourselves (verified accounts only)"
    return Finding(severity=Severity.OK, what=f"AppID, AppSecret and IP allow-list are good; {way}")


def _address(webhook_url: str) -> Finding:
    if not webhook_url:
        advice = "run with --public-url, and enter the address in the console"
        return Finding(severity=Severity.ERROR, what="the platform has no address to call", advice=advice)
    if not webhook_url.startswith(("http://", "https://")) or ":" in webhook_url.partition("://")[2].partition("/")[0]:
        advice = "the platform calls ports 80 and 443 only"
        return Finding(severity=Severity.WARNING, what=f"the server address is {webhook_url}", advice=advice)
    return Finding(severity=Severity.OK, what=f"enter {webhook_url} in the console as the server address (URL)")


def _mode(settings: WeChatSettings) -> Finding:
    if settings.mode is Mode.PLAIN:
        advice = "choose safe mode (安全模式) in the console, and mode: safe here"
        return Finding(severity=Severity.WARNING, what="plain mode: what contacts say is not signed", advice=advice)
    return Finding(severity=Severity.OK, what=f"{settings.mode.value} mode: what contacts say is signed and sealed")
