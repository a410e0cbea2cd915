"""WeChat Official Accounts. Facts and limits: developers.weixin.qq.com, *Official Accounts / Service Accounts*."""

from adapters.contract import Channel
from adapters.wechat.channel import WeChatChannel

CHANNEL: Channel = WeChatChannel()
