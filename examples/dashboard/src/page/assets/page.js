// Copies the token, which the page shows once. Without JavaScript the token can be selected.
(() => {
  const button = document.querySelector("[data-copy]");
  if (!button) return;
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
})();
