/** Files on their way up: shown at once with their progress, a message once the server has them, never beyond the page. */

import { newClientId } from "./outbox.mjs";
import { ours, withChange, withMessage } from "./thread.mjs";
import { UploadRefused, problemOf, upload } from "./uploads.mjs";

/** @param {string} mime what it is shown as until the server has said what it is */
function kindOf(mime) {
  if (mime.startsWith("image/") && mime !== "image/svg+xml") return "image";
  return mime.startsWith("audio/") ? "voice" : "file";
}

/**
 * @param {object} options
 * @param {import("@preact/signals").Signal<import("./thread.mjs").Message[]>} options.messages
 * @param {ReturnType<typeof import("./outbox.mjs").openOutbox>} options.outbox
 * @param {ReturnType<typeof import("./queue.mjs").createQueue>} options.queue
 * @param {() => string} options.token the visitor's
 * @param {readonly string[]} options.kinds the kinds of file that may be sent
 * @param {(clientId: string, problem: string) => void} options.fail
 */
export function createFiles({ messages, outbox, queue, token, kinds, fail }) {
  /** By client id. @type {Map<string, File>} */
  const going = new Map();

  /** @param {File} file @param {string} [clientId] of an earlier try */
  async function send(file, clientId = newClientId()) {
    const kind = kindOf(file.type);
    const preview = kind === "file" ? "" : URL.createObjectURL(file);
    const part = { kind, name: file.name, size: file.size, mime: file.type, url: preview };
    going.set(clientId, file);
    messages.value = withMessage(messages.value, { ...ours(clientId, new Date().toISOString(), [part]), progress: 0 });
    try {
      const problem = problemOf(file, kinds);
      if (problem) throw new UploadRefused(problem);
      const stored = await upload("uploads", token(), file, (progress) => {
        messages.value = withChange(messages.value, clientId, { progress });
      });
      if (!going.delete(clientId)) return; // thrown away meanwhile
      const { id, kind: storedKind, name, mime, size, url } = stored;
      const parts = [{ kind: storedKind, media: id, name, mime, size, url }];
      outbox.add({ client_id: clientId, at: new Date().toISOString(), type: "send", parts });
      messages.value = withChange(messages.value, clientId, { parts, progress: undefined });
      queue.pump();
    } catch (error) {
      fail(clientId, `error.${error instanceof UploadRefused ? error.code : "upload"}`);
    }
  }

  return {
    send,
    /** Try a failed one again; false when it is none of ours. @param {string} clientId */
    retry(clientId) {
      const file = going.get(clientId);
      if (file) send(file, clientId);
      return file !== undefined;
    },
    /** @param {string} clientId */
    drop: (clientId) => void going.delete(clientId),
  };
}
