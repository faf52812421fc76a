// Sends a large file in parts (tus): it goes on after a broken connection, after signing in again, and after a reload,
// when the same file is chosen again. The server keeps what came, for this person only; this browser keeps nothing.

import { cookie, look, refusalIn } from "./app.js";
import { headers, merge } from "./evidence_panel.js";

const PART_BYTES = 2 << 20; // what a broken connection costs at most
const DELAYS = [500, 1000, 2000, 4000, 8000, ...Array(40).fill(15000)]; // milliseconds; from the start after each part
const ASK_EVERY = 700; // milliseconds, while the server looks at the file
const GONE = [0, 408, 409, 423, 429, 500, 502, 503, 504]; // answers after which it is worth trying again

// What tells the same file again, with all that a page may know of it.
export function fingerprintOf(file) {
  return `${file.name.slice(-200)}|${file.size}|${file.lastModified}`;
}

export class PartsTransfer {
  constructor(sending, url = "") {
    Object.assign(this, { sending, kept: url, upload: null, isPaused: false, isStopped: false, isOver: false });
    this.resume = this.resume.bind(this);
  }

  make() {
    const { sending, kept } = this;
    const { form, file } = sending;
    return new window.tus.Upload(file, {
      endpoint: new URL(form.dataset.uploadTo, location.href).href,
      uploadUrl: kept ? new URL(kept, location.href).href : null,
      chunkSize: PART_BYTES,
      retryDelays: DELAYS,
      storeFingerprintForResuming: false,
      metadata: { ...JSON.parse(form.dataset.uploadMetadata), filename: file.name, fingerprint: fingerprintOf(file) },
      headers: { "X-Requested-With": "fetch", "X-Page-Owner": document.body.dataset.owner ?? "" },
      onBeforeRequest: (request) => request.setHeader("X-CSRFToken", cookie("csrftoken")),
      onUploadUrlAvailable: () => (this.kept = new URL(this.upload.url).pathname),
      onShouldRetry: (error) => this.retries(error),
      onProgress: (sent, total) => sending.moved(sent / total),
      onError: (error) => this.broken(error),
      onSuccess: () => this.arrived(),
    });
  }

  // Where it lies on the server.
  get url() {
    return this.kept;
  }

  async start() {
    this.sending.moved(0);
    try {
      await import("../vendor/tus/tus.min.js"); // no page waits for it before it is needed
    } catch {
      return this.over(() => this.sending.failed(this.sending.words.sayOffline));
    }
    if (this.isOver) return undefined;
    this.upload = this.make();
    this.sending.offerPause();
    addEventListener("online", this.resume);
    document.addEventListener("dgready:signed-in", this.resume);
    return this.upload.start();
  }

  retries(error) {
    const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
    if (!GONE.includes(status)) return false;
    if (!status) this.sending.waits(this.sending.words.sayReconnecting);
    return true;
  }

  broken(error) {
    const { words } = this.sending;
    const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
    const reason = refusalIn(error.originalResponse?.getBody() ?? "");
    if (status === 401) {
      look();
      return this.stop(words.saySignedOutParts);
    }
    if (reason && status !== 403) return this.over(() => this.sending.end(reason));
    if (GONE.includes(status)) return this.stop(words.sayReconnecting);
    return this.over(() => this.sending.failed(reason || words.sayFailed));
  }

  // Nothing goes on by itself now, but the person, the connection or a new session may let it.
  stop(words) {
    this.isStopped = true;
    this.sending.stopped(words);
  }

  pause() {
    this.isPaused = true;
    this.upload.abort();
    this.sending.stopped(this.sending.words.sayPaused);
  }

  resume(event) {
    if (this.isOver || (event && (this.isPaused || !this.isStopped))) return;
    this.isPaused = this.isStopped = false;
    this.sending.goesOn();
    this.upload = this.make(); // one that was signed out has forgotten where it was
    this.upload.start();
  }

  cancel() {
    this.over(() => this.sending.end(this.sending.words.sayCancelled));
    this.upload?.abort(Boolean(this.upload.url)).catch(() => undefined); // what is left there expires
  }

  over(act) {
    this.isOver = true;
    removeEventListener("online", this.resume);
    document.removeEventListener("dgready:signed-in", this.resume);
    act();
  }

  // All has come: the server looks at the file, here or in a task.
  async arrived() {
    const { sending } = this;
    sending.checks(sending.words.sayChecking);
    for (;;) {
      const state = await this.ask();
      if (this.isOver) return undefined;
      if (state?.state === "refused") return this.over(() => sending.end(state.reason));
      if (state?.state === "done") break;
      if (state?.state === "receiving") return this.upload.start();
      if (state === null) return this.over(() => sending.failed(sending.words.sayFailed));
      sending.checks(state?.reason || sending.words.sayChecking);
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
    }
    await refresh(sending.panel, sending.form);
    return this.over(() => sending.done());
  }

  // What became of it; undefined where the server did not say, null where it knows nothing of it.
  async ask() {
    const answer = await fetch(this.upload.url, { credentials: "same-origin", headers: headers() }).catch(() => null);
    if (!answer) return undefined;
    if (answer.ok) return answer.json();
    return answer.status === 404 ? null : undefined;
  }
}

async function refresh(panel, form) {
  if ("uploadReloads" in form.dataset) return;
  const answer = await fetch(form.action, { credentials: "same-origin", headers: headers() }).catch(() => null);
  if (answer && answer.ok) merge(panel, await answer.text(), "");
}
