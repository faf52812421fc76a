// Going through the open points: the place one came to takes the focus, and "next" goes on from the field last used.
// Without this script the fragment of the address leads to the place, and "next" goes on from there.

const onward = document.querySelectorAll("[data-next-point]");
const here = document.querySelector("[data-point]");

if (here) {
  here.scrollIntoView({ block: "center" });
  here.focus({ preventScroll: true });
}

// Fields that somebody changed: the point that is looked for lies behind the last one of them.
document.addEventListener("change", (event) => {
  const { name } = event.target;
  if (!event.target.closest?.("form.q") || !name || name.startsWith("_")) return;
  for (const link of onward) {
    const target = new URL(link.href);
    target.searchParams.set("after", `missing:${name}`);
    link.href = target;
  }
});
