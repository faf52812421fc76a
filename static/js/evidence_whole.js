// Sends a small file as a form would, in one request; while the store does not answer, again after a while.

import { refusalIn } from "./app.js";
import { bodyOf, headers, merge, parse } from "./evidence_panel.js";

const TRIES = 30; // of one file, while the store does not answer
const LONGEST_PAUSE = 60; // seconds between two of them

export class WholeTransfer {
  constructor(sending) {
    Object.assign(this, { sending, xhr: null, tries: 0, timer: 0 });
  }

  start() {
    const { sending } = this;
    const body = bodyOf(sending.form);
    body.delete("files");
    body.append("files", sending.file, sending.file.name);
    const xhr = (this.xhr = new XMLHttpRequest());
    xhr.open("POST", sending.form.action);
    for (const [name, value] of Object.entries(headers())) xhr.setRequestHeader(name, value);
    xhr.upload.addEventListener("progress", (event) => event.lengthComputable && sending.moved(event.loaded / event.total));
    xhr.addEventListener("load", () => this.answered(xhr));
    xhr.addEventListener("error", () => sending.failed(sending.words.sayOffline));
    xhr.addEventListener("abort", () => sending.end(sending.words.sayCancelled));
    sending.moved(0);
    xhr.send(body);
  }

  answered(xhr) {
    const { sending } = this;
    const { words } = sending;
    const fresh = [200, 409, 422].includes(xhr.status) ? parse(xhr.responseText) : null;
    if (xhr.status === 401) return sending.failed(words.saySignedOut);
    if (xhr.status === 403) return sending.failed(refusalIn(xhr.responseText) || words.sayFailed);
    if (xhr.status === 503) return this.later(Number(xhr.getResponseHeader("Retry-After")) || 10);
    if (xhr.status === 413) return sending.end(words.sayTooLarge);
    if (!fresh) return sending.failed(words.sayFailed);
    const refusal = fresh.querySelector("[data-refusal]");
    const reason = refusal ? refusal.textContent.trim() : "";
    fresh.querySelector("[data-evidence-problems]").replaceChildren(); // said beside the file instead
    merge(sending.panel, fresh.outerHTML, "");
    return reason ? sending.end(reason) : sending.done();
  }

  // The store does not answer: again after a while, by itself; each pause is longer than the one before.
  later(seconds) {
    const { words } = this.sending;
    this.tries += 1;
    if (this.tries >= TRIES) return this.sending.failed(words.sayStoreGone);
    const pause = Math.min(seconds * this.tries, LONGEST_PAUSE);
    this.sending.waits(`${words.sayStoreAway} ${pause} ${words.saySeconds}`);
    this.timer = setTimeout(() => this.start(), pause * 1000);
    return undefined;
  }

  cancel() {
    clearTimeout(this.timer);
    if (this.xhr.readyState < 4) this.xhr.abort();
    else this.sending.end(this.sending.words.sayCancelled);
  }
}
