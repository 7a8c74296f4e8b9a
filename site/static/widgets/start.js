// Loaded after requirejs and before html-manager. Both find what they load later beside this
// script, whatever the site's address is; and they load it at once, not when all else is there.
requirejs.config({ baseUrl: new URL(".", document.currentScript.src).href });
document.addEventListener("DOMContentLoaded", () => {
  requirejs(["@jupyter-widgets/html-manager", "anywidget"]);
});
