// Runs once each for the head, the conversation and the article, with `element`, `trigger` and `watch` from Gradio.
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

function fill(question, send) {
  const box = document.querySelector("#belegt-box textarea");
  // Svelte listens to the event, not to the value
  box.value = question;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  if (send) setTimeout(() => byId("belegt-send").click(), 50);
  else box.focus();
}

async function copy(button, text) {
  await navigator.clipboard.writeText(text);
  const said = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = said; }, 1500);
}

function act(button) {
  const turn = button.closest(".turn").dataset.turn, form = button.closest(".turn").querySelector(".why");
  const { do: what, question } = button.dataset;
  if (what === "edit" || what === "retry") fill(question, what === "retry");
  else if (what === "copy") copy(button, button.dataset.copy);
  else if (what === "link") copy(button, `${location.origin}${location.pathname}?q=${encodeURIComponent(question)}`);
  else if (what === "good") rate(button, { turn, good: true });
  else if (what === "bad") { form.hidden = !form.hidden; form.querySelector("input").focus(); }
  else if (what === "reason") { rate(button, { turn, good: false, reason: form.querySelector("input").value }); form.hidden = true; }
}

function rate(button, said) {
  trigger("click", said);
  const chosen = button.closest(".turn").querySelector(`[data-do=${said.good ? "good" : "bad"}]`);
  for (const other of chosen.parentElement.querySelectorAll("[data-do=good], [data-do=bad]")) {
    other.disabled = true;
    if (other === chosen) other.setAttribute("aria-pressed", "true");
  }
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !element.contains(button)) return;
  if (button.dataset.do) {
    act(button);
  } else if (button.dataset.ask) {
    fill(button.dataset.ask, true);
  } else if (button.dataset.save) {
    trigger("click", { save: button.dataset.save });
  } else if (button.dataset.remove) {
    trigger("click", { remove: button.dataset.remove });
  } else if (button.dataset.evaluation !== undefined) {
    trigger("click", { evaluation: true });
  } else if (button.dataset.language) {
    localStorage.setItem("belegt-language", button.dataset.language);
    location.reload();
  } else if (button.dataset.fresh !== undefined) {
    sessionStorage.removeItem("belegt-page");
    location.assign(location.pathname);
  } else if (button.classList.contains("back")) {
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
} else if (element.closest("#belegt-turns")) {
  watch("value", () => {
    point();
    element.querySelector(".turn:last-of-type")?.scrollIntoView({ block: "start" });
  });
}
