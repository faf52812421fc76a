// Files on their way: a row for each in its panel, a few at a time, wherever on the page they were chosen.

import { PartsTransfer, fingerprintOf } from "./evidence_parts.js";
import { WholeTransfer } from "./evidence_whole.js";

const AT_ONCE = 3; // files on their way at the same time
const WHOLE_BYTES = 2 << 20; // up to which a file is sent in one request

const queue = []; // of all panels: those that wait, are sent, or stand still
const watchers = new Set();

// `act` is called whenever something about the queue has changed.
export function watchQueue(act) {
  watchers.add(act);
}

export function sendings() {
  return [...queue];
}

export function isLive(panel) {
  return queue.some((one) => one.panel === panel);
}

class Sending {
  constructor(panel, form, file, url) {
    Object.assign(this, { panel, form, file, url, state: "waiting", share: 0 });
    this.row = document.createElement("li");
    this.name = this.add("span", "evp-queue-name", file.name);
    this.buttons = this.add("span", "evp-queue-buttons");
    this.bar = this.add("progress");
    this.bar.max = 100;
    this.bar.setAttribute("aria-label", file.name);
    this.text = this.add("span", "evp-queue-state", this.words.sayWaiting);
    this.text.setAttribute("role", "status");
    this.offer("sayCancel", () => this.cancel());
    const inParts = url || file.size > WHOLE_BYTES || "uploadReloads" in form.dataset;
    this.transfer = inParts ? new PartsTransfer(this, url) : new WholeTransfer(this);
  }

  get words() {
    return this.panel.dataset;
  }

  add(tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text) made.textContent = text;
    this.row.append(made);
    return made;
  }

  offer(word, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-primary";
    button.textContent = this.words[word];
    button.setAttribute("aria-label", `${this.words[word]} ${this.file.name}`);
    button.addEventListener("click", act);
    this.buttons.prepend(button);
    return button;
  }

  start() {
    if (this.file.size > Number(this.words.maxBytes)) return this.end(this.words.sayTooLarge);
    this.state = "sending";
    this.transfer.start();
    return changed();
  }

  // What a transfer tells: how far it is, what it waits for, and how it ended.

  moved(share) {
    if (this.state !== "sending") return;
    this.share = share;
    const percent = Math.floor(share * 100);
    this.bar.value = percent;
    this.say(percent < 100 ? `${this.words.saySending} ${percent}%` : this.words.sayChecking);
    changed();
  }

  waits(words) {
    this.bar.removeAttribute("value");
    this.say(words);
  }

  checks(words) {
    this.buttons.replaceChildren();
    this.bar.value = 100;
    this.say(words);
  }

  say(words) {
    if (this.text.textContent !== words) this.text.textContent = words;
  }

  offerPause() {
    this.pauseButton = this.offer("sayPause", () => {
      if (this.state === "sending") this.transfer.pause();
      else this.transfer.resume();
    });
  }

  namePause(word) {
    this.pauseButton.textContent = this.words[word];
    this.pauseButton.setAttribute("aria-label", `${this.words[word]} ${this.file.name}`);
  }

  stopped(words) {
    this.state = "stopped";
    this.namePause("sayResume");
    this.say(words);
    next();
  }

  goesOn() {
    this.state = "sending";
    this.namePause("sayPause");
    this.say(this.words.saySending);
    changed();
  }

  done() {
    this.leave();
    this.row.remove();
    next();
    // A page that shows what came only when it is opened anew is opened anew, once nothing of it is left to be seen.
    if ("uploadReloads" in this.form.dataset && !this.panel.querySelector("[data-evidence-queue] > li")) location.reload();
  }

  cancel() {
    if (this.state === "waiting") this.end(this.words.sayCancelled);
    else this.transfer.cancel();
  }

  failed(words) {
    this.end(words);
    this.offer("sayRetry", () => {
      const again = new Sending(this.panel, this.form, this.file, this.url);
      this.row.replaceWith(again.row);
      queue.push(again);
      again.buttons.querySelector("button").focus();
      next();
    });
  }

  end(words) {
    this.leave();
    this.row.classList.add("is-bad");
    this.bar.remove();
    this.say(words);
    this.buttons.replaceChildren();
    this.offer("sayDismiss", () => {
      this.row.remove();
      this.panel.querySelector("[type=file]").focus();
    });
    next();
  }

  leave() {
    this.state = "over";
    const place = queue.indexOf(this);
    if (place >= 0) queue.splice(place, 1);
  }
}

function changed() {
  for (const act of watchers) act();
}

function next() {
  const busy = queue.filter((one) => one.state === "sending").length;
  const waiting = queue.filter((one) => one.state === "waiting");
  for (const one of waiting.slice(0, Math.max(0, AT_ONCE - busy))) one.start();
  changed();
}

// Sends files from a panel's form; one that was begun before goes on where it was cut off.
export function send(panel, form, files) {
  const list = panel.querySelector("[data-evidence-queue]");
  const begun = [...panel.querySelectorAll("[data-upload]")];
  for (const file of files) {
    const before = begun.find((item) => item.isConnected && item.dataset.fingerprint === fingerprintOf(file));
    before?.remove();
    const sending = new Sending(panel, form, file, before?.dataset.upload ?? "");
    list.append(sending.row);
    queue.push(sending);
  }
  next();
}
