// Keeps what is left until a moment true while a page stays open; the server's clock decides, not this machine's.

const EVERY = 10_000; // milliseconds

function words(element, left) {
  if (left < 0) {
    return element.dataset.over;
  }
  const minutes = Math.floor(left / 60_000);
  const units = { days: Math.floor(minutes / 1440), hours: Math.floor(minutes / 60) % 24, minutes: minutes % 60 };
  const unit = units.days ? "days" : units.hours ? "hours" : "minutes";
  return element.dataset[unit].replace(/%\((\w+)\)d/g, (_all, name) => units[name]);
}

for (const element of document.querySelectorAll("[data-until]")) {
  const until = Date.parse(element.dataset.until);
  const ahead = Date.parse(element.dataset.now) - Date.now();
  const show = () => {
    const left = until - Date.now() - ahead;
    const text = words(element, left);
    if (element.textContent !== text) {
      element.textContent = text;
      element.nextElementSibling.hidden = left < 0; // "until …"
    }
  };
  setInterval(show, EVERY);
  document.addEventListener("visibilitychange", show);
}
