// The simulated customers of a bot, who speak several languages.

import { begin, element } from "/page/chats.js";

begin({
  us: "店家 · Shop",
  key: "chat_id",
  press: "/control/press",
  newcomer: () => ({ language: element("language").value }),
});
