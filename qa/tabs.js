// The tabs of the editor and the engineer. Follows chat.js in the same function.

// ---- coming in by the password, and leaving ----

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches(".hb-login")) return;
  event.preventDefault();
  const wrong = form.querySelector(".hb-wrong");
  wrong.textContent = "";
  const body = new URLSearchParams(new FormData(form));
  const reply = await fetch("tabs/enter", { method: "POST", body });
  if (reply.ok) {
    trigger("enter", {});
  } else {
    wrong.textContent = wrong.getAttribute(`data-${reply.status}`) ?? say().trouble;
    form.elements.password.select();
  }
});

onClick(".hb-leave", async () => {
  await fetch("tabs/leave", { method: "POST" });
  trigger("enter", {});
});

// ---- the list of articles, and what is done to them ----

onClick(".hb-list", (button) => trigger("list", { ...button.dataset }));

function onAgreed(selector, name) {
  onClick(selector, (button) => {
    button.closest("details").open = false;
    trigger(name, { ...button.dataset });
    document.querySelector(".hb-tab:not([hidden])")?.scrollIntoView({ block: "start" });
  });
}

onAgreed(".hb-rebuild", "rebuild");
onAgreed(".hb-remove", "remove");
onAgreed(".hb-go-back", "go_back");
