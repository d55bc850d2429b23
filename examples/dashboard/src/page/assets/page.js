// Copies the token, which the page shows once. Without JavaScript the token can be selected.
(() => {
  const button = document.querySelector("[data-copy]");
  if (!button) {
    // A browser may keep a page that a person leaves, and show it again as it was then.
    addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
    return;
  }
  const text = document.getElementById(button.dataset.copy);
  const status = document.getElementById("copied");
  const select = () => getSelection().selectAllChildren(text);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      status.textContent = "Copied. Keep it where only the system that uses it can read it.";
      button.textContent = "Copied";
    } catch {
      // Browsers only let pages copy that come over https or from this machine.
      select();
      status.textContent = "The browser does not let this page copy. The token is selected: copy it yourself.";
    }
  });
  text.addEventListener("focus", select);
  // A kept page does not hold the token any more.
  addEventListener("pagehide", () => {
    text.textContent = "dyn_…";
    button.hidden = true;
    status.textContent = "The token was shown once.";
  });
})();
