// Going through the open points: the place one came to takes the focus, and "next" goes on from the field last used.
// Without this script the fragment of the address leads to the place, and "next" goes on from there.

const next = document.querySelector("[data-next-point]");
const here = document.querySelector("[data-point]");

if (here) {
  here.scrollIntoView({ block: "center" });
  here.focus({ preventScroll: true });
}

if (next) {
  // Fields that somebody changed: the point that is looked for lies behind the last one of them.
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form.q");
    if (!form || !event.target.name || event.target.name.startsWith("_")) return;
    const target = new URL(next.href);
    target.searchParams.set("after", `missing:${event.target.name}`);
    next.href = target;
  });
}
