// The simulated people of a workspace.

import { begin } from "/page/chats.js";

begin({ us: "应用 · App", key: "chat_id", press: "/control/press" });
