// The date control: says the typed day back in full, and adds the browser's calendar to the text field.
// The server reads the text (one reader for all), so that what is said here is what will be stored.

const WAIT = 350; // milliseconds after the last key

class DayInput extends HTMLElement {
  connectedCallback() {
    if (this.calendar) return;
    this.field = this.querySelector("input");
    this.said = this.querySelector("output");
    this.addCalendar();
    this.field.addEventListener("input", () => this.later());
    this.field.addEventListener("change", () => this.sayBack(true));
  }

  addCalendar() {
    this.calendar = document.createElement("input");
    this.calendar.type = "date";
    this.calendar.className = "day-calendar";
    this.calendar.tabIndex = -1;
    this.calendar.setAttribute("aria-hidden", "true");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-outline-secondary day-pick";
    button.title = this.dataset.pick;
    button.setAttribute("aria-label", this.dataset.pick);
    button.append(document.createElement("i"));
    button.firstChild.className = "bi bi-calendar3";
    button.firstChild.setAttribute("aria-hidden", "true");
    const line = document.createElement("span");
    line.className = "day-line";
    this.field.before(line);
    line.append(this.field, button, this.calendar);
    button.addEventListener("click", () => this.open());
    this.calendar.addEventListener("change", () => this.picked());
  }

  async open() {
    await this.sayBack(true);
    try {
      this.calendar.showPicker();
    } catch {
      this.calendar.focus(); // a browser that opens its calendar only by itself
    }
  }

  picked() {
    if (!this.calendar.value) return;
    const [year, month, day] = this.calendar.value.split("-").map(Number);
    this.field.value = `${day}/${month}/${year + 543}`;
    for (const name of ["input", "change"]) this.field.dispatchEvent(new Event(name, { bubbles: true }));
    this.field.focus();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.sayBack(false), WAIT);
  }

  // `done`: the person left the field, so a reason is no longer premature.
  async sayBack(done) {
    clearTimeout(this.timer);
    const text = this.field.value.trim();
    const answer = text ? await this.ask(text) : {};
    if (this.field.value.trim() !== text || !answer) return;
    this.said.textContent = answer.words || (done && answer.reason) || this.dataset.hint;
    this.said.classList.toggle("day-unclear", Boolean(done && answer.reason));
    this.calendar.value = answer.day || "";
  }

  async ask(text) {
    try {
      const url = `${this.dataset.url}?text=${encodeURIComponent(text)}`;
      const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } });
      return response.ok || response.status === 422 ? await response.json() : null;
    } catch {
      return null; // no connection: the server says it when the form is sent
    }
  }
}

customElements.define("day-input", DayInput);
