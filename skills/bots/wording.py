"""What built-in bots say of themselves where the administrator gave no words, and the words that steer them."""

from skills.bots.dialogue import Texts
from skills.text import fold

AGAIN: Texts = {
    "zh-CN": "抱歉，没有看懂。",
    "zh-TW": "抱歉，沒有看懂。",
    "en": "Sorry, I did not understand that.",
}
DONE: Texts = {
    "zh-CN": "谢谢，马上为您转接客服。",
    "zh-TW": "謝謝，馬上為您轉接客服。",
    "en": "Thank you. Connecting you with a colleague.",
}
BACK: Texts = {"zh-CN": "上一步", "zh-TW": "上一步", "en": "Back"}
SKIP: Texts = {"zh-CN": "跳过", "zh-TW": "跳過", "en": "Skip"}
BACK_WORDS = frozenset(map(fold, ("上一步", "返回", "back")))
SKIP_WORDS = frozenset(map(fold, ("跳过", "跳過", "没有", "skip")))

DID_YOU_MEAN: Texts = {"zh-CN": "您是想问：", "zh-TW": "您是想問：", "en": "Did you mean:"}
NOT_FOUND: Texts = {
    "zh-CN": "这个问题我还不会。请换个说法，或者回复“人工”找客服。",
    "zh-TW": "這個問題我還不會。請換個說法，或者回覆「人工」找客服。",
    "en": "I do not know that yet. Try other words, or write “human” for a colleague.",
}
HAND_OVER: Texts = {
    "zh-CN": "我帮您转接客服。",
    "zh-TW": "我幫您轉接客服。",
    "en": "I am connecting you with a colleague.",
}
HELLO: Texts = {
    "zh-CN": "您好，请问有什么可以帮您？回复“人工”可以找客服。",
    "zh-TW": "您好，請問有什麼可以幫您？回覆「人工」可以找客服。",
    "en": "Hello, what would you like to know? Write “human” for a colleague.",
}
AUTOMATIC: Texts = {"zh-CN": "〔自动回复〕", "zh-TW": "〔自動回覆〕", "en": "[Automatic answer] "}
"""Before an answer that a bot gives while people are awaited: it is not the person's."""
