/** Sending a file up: size checked before, progress while, and the server's own word on what it is after. */

export const FILE_LIMIT = 20 * 1024 * 1024;

/** @typedef {{id: string, mime: string, size: number, name: string, url: string, kind: string}} Uploaded */

/** Why a file cannot be sent; `code` is part of a catalogue key. */
export class UploadRefused extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** Whether it is one of these, as file pickers read it. @param {File} file @param {readonly string[]} patterns `.pdf`, `image/*` */
export function isAmong(file, patterns) {
  const name = file.name.toLowerCase();
  const type = file.type.toLowerCase();
  const types = [type, `${type.split("/")[0]}/*`];
  return patterns.some((pattern) => (pattern.startsWith(".") ? name.endsWith(pattern.toLowerCase()) : types.includes(pattern.toLowerCase())));
}

/** @param {File} file @param {readonly string[]} kinds @returns {string} what is wrong with it before it is even tried; empty when nothing */
export function problemOf(file, kinds) {
  if (!isAmong(file, kinds)) return "bad_type";
  if (file.size === 0) return "empty_file";
  return file.size > FILE_LIMIT ? "too_large" : "";
}

/**
 * @param {string} url
 * @param {string} token the visitor's
 * @param {File} file
 * @param {(fraction: number) => void} onProgress
 * @returns {Promise<Uploaded>}
 */
export function upload(url, token, file, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch cannot tell how much has gone up
    const form = new FormData();
    form.append("file", file, file.name);
    request.open("POST", url);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status === 201) resolve(request.response);
      else reject(new UploadRefused({ 413: "too_large", 415: "bad_type" }[request.status] ?? "upload"));
    };
    request.onerror = () => reject(new UploadRefused("upload"));
    request.send(form);
  });
}
