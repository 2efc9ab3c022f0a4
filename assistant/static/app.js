// Runs once for the conversation and once for the article, with `element`, `trigger` and `watch` from Gradio.
const byId = (id) => document.getElementById(id);
const article = () => byId("belegt-article");
const narrow = () => getComputedStyle(article()).overflowY === "visible";
const open = () => document.querySelector("#belegt-article .pane")?.dataset.key || "";

function reveal() {
  const pane = article();
  const mark = byId("belegt-active");
  if (!mark) {
    pane.scrollTop = 0;
    if (narrow() && window.belegtAsked) pane.scrollIntoView();
  } else if (narrow()) {
    // an answer opens its first article by itself: only a click may leave the answer for it
    if (window.belegtAsked) mark.scrollIntoView({ block: "center" });
  } else {
    const box = mark.getBoundingClientRect(), frame = pane.getBoundingClientRect();
    pane.scrollTop += box.top - frame.top - Math.max(48, (frame.height - box.height) / 2);
  }
  window.belegtAsked = false;
}

function point() {
  for (const button of document.querySelectorAll("#belegt-turns [data-key]")) {
    if (button.dataset.key === open()) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !element.contains(button)) return;
  if (button.classList.contains("back")) {
    const from = document.querySelector(`#belegt-turns [data-key="${open()}"]`);
    from?.scrollIntoView({ block: "center" });
    from?.focus({ preventScroll: true });
  } else if (button.dataset.key || button.dataset.article !== undefined) {
    window.belegtAsked = true;
    if (button.dataset.key && button.dataset.key === open()) reveal();
    else trigger("click", { key: button.dataset.key || "", article: button.dataset.article || "" });
  }
});

if (element.closest("#belegt-article")) {
  const pane = article();
  pane.tabIndex = 0;
  pane.setAttribute("role", "region");
  pane.setAttribute("aria-labelledby", "belegt-title");
  watch("value", () => { point(); reveal(); });
} else {
  watch("value", () => {
    point();
    element.querySelector(".turn:last-child")?.scrollIntoView({ block: "start" });
  });
}
