// The simulated followers of an account: how much they may still be told, the codes they scan, whether they follow.

import { begin, element } from "/page/chats.js";

const { act, call, chosen } = begin({
  us: "公众号 · Account",
  key: "openid",
  press: "/control/tap",
  onShow(chat) {
    element("window").textContent = `还可下发 ${chat.left} 条 · ${chat.left} more may be sent to this follower`;
    element("following").textContent = chat.is_following ? "取消关注 · Unfollow" : "关注 · Follow";
    element("following").dataset.event = chat.is_following ? "unsubscribe" : "subscribe";
  },
});

const happen = (event, key) => act(() => call("/control/happen", { openid: chosen(), event, key }));

element("scanner").addEventListener("submit", (event) => {
  event.preventDefault();
  happen("SCAN", element("key").value);
});

element("following").addEventListener("click", (event) => happen(event.currentTarget.dataset.event));
