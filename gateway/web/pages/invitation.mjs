/** An invitation: its token stands behind the #, which no server and no log ever sees. */

const form = /** @type {HTMLFormElement} */ (document.getElementById("form"));
const problem = /** @type {HTMLElement} */ (document.getElementById("problem"));
const token = location.hash.slice(1);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const chosen = new FormData(form);
  if (chosen.get("password") !== chosen.get("again")) {
    problem.textContent = "The two are not the same. 两次输入不一致。";
    return;
  }
  const answer = await fetch("/api/v1/invitations", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token, password: chosen.get("password") }),
  });
  if (answer.ok) {
    history.replaceState(null, "", "/invitation");
    location.assign("/desk/");
  } else {
    problem.textContent = (await answer.json()).detail;
  }
});
