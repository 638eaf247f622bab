// The side panel and what is around the answers. Gradio runs this once, when the panel is loaded,
// with `element` (the panel's place), `trigger`, `props` and `watch`.

document.documentElement.lang = "vi";
let opener = null;

// ---- the side panel: one article beside the conversation ----

document.addEventListener("click", (event) => {
  const button = event.target.closest(".hb-read");
  if (!button) return;
  opener = button;
  trigger("open_article", { ...button.dataset });
});

function close() {
  props.value = "";
  opener?.focus({ preventScroll: true });
  opener = null;
}

element.addEventListener("click", (event) => {
  if (event.target.closest(".hb-close")) close();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && element.querySelector(".hb-reader")) close();
});

watch("value", () => {
  const page = element.querySelector(".hb-page");
  if (!page) return;
  const place = page.querySelector(".hb-passage mark") ?? page.querySelector(".hb-passage");
  // A third from the top, so that what comes before it is seen too.
  const top = (element) => element.getBoundingClientRect().top;
  page.scrollTop = place ? page.scrollTop + top(place) - top(page) - page.clientHeight / 3 : 0;
  element.querySelector(".hb-close").focus({ preventScroll: true });
});

// ---- the conversation ----

let shown = "";

function onChange() {
  const conversation = document.getElementById("hb-conversation");
  if (!conversation) return; // Gradio is still loading it
  // Gradio's own labels are English, and those of messages hide what the message says.
  conversation.querySelector("[role=log]")?.setAttribute("aria-label", "Cuộc trò chuyện");
  for (const message of conversation.querySelectorAll("[data-testid][aria-label]")) {
    message.removeAttribute("aria-label");
  }
  const questions = conversation.querySelectorAll(".hb-question");
  const state = `${questions.length} ${conversation.querySelectorAll(".hb-answer").length}`;
  if (state === shown) return;
  shown = state;
  // A new answer is read from its question down, not from its end.
  questions[questions.length - 1]?.scrollIntoView({ block: "start" });
}

new MutationObserver(onChange).observe(document.body, { childList: true, subtree: true });
