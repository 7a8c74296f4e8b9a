"""A Sphinx extension: a Binder link on the pages that are no notebook, too.

The theme links a notebook's page to that notebook. Other pages get a link to all of them.
"""


def add_link(app, pagename, templatename, context, doctree) -> None:
    """Give a page that is no notebook a button that opens notebooks/ on Binder."""
    if app.env.doc2path(pagename).suffix == ".ipynb":
        return
    options = app.config.html_theme_options
    repository = options["repository_url"].removeprefix("https://github.com/")
    binder = options["launch_buttons"]["binderhub_url"]
    url = f"{binder}/v2/gh/{repository}/{options['repository_branch']}?urlpath=lab/tree/notebooks"
    buttons = context["header_buttons"]
    buttons[:] = [button for button in buttons if button.get("label") != "launch-buttons"]
    link = {"type": "link", "text": "Binder", "url": url, "tooltip": "Launch on Binder"}
    icon = {"icon": "_static/images/logo_binder.svg"}
    group = {"type": "group", "icon": "fas fa-rocket", "label": "launch-buttons"}
    tooltip = {"tooltip": "Launch interactive content"}
    buttons.append({**group, **tooltip, "buttons": [{**link, **icon}]})


def setup(app):
    """Called by Sphinx."""
    # After the theme, which gives the page that Binder could not find.
    app.connect("html-page-context", add_link, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
