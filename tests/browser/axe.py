"""axe-core: what a machine can tell of a page's accessibility.

It finds the nameless control, the wrong role, the faint text and the small target. It can't tell
whether a name is the right one, or a picture can be understood without seeing it.
"""

from pathlib import Path

# Of WCAG 2.1 A, axe has one rule, which it calls experimental.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]

# These judge a whole page; an explorer is a part of one.
WHOLE_PAGE_RULES = ["region", "page-has-heading-one", "landmark-one-main", "heading-order"]

# Rules that find something to judge in every explorer. JupyterLab's body is 0 pixels high and cuts
# off what overflows, so that axe takes the whole page for invisible, and would pass over these.
ALWAYS_JUDGED = {"aria-input-field-name", "button-name", "color-contrast", "target-size"}

_RUN = """
async (root, [standards, off]) => {
    const rules = Object.fromEntries(off.map(rule => [rule, { enabled: false }]));
    const { overflow } = document.body.style;
    document.body.style.overflow = 'visible';
    const { violations, passes } = await window.axe.run(root, { runOnly: standards, rules });
    document.body.style.overflow = overflow;
    return {
        judged: [...violations, ...passes].map(({ id }) => id),
        violations: violations.map(({ id, help, nodes }) => ({
            rule: id,
            help,
            nodes: nodes.map(node => ({ html: node.html, why: node.failureSummary })),
        })),
    };
}
"""


class Axe:
    """Runs axe-core, as installed in `node_modules`, on parts of pages."""

    def __init__(self, node_modules: Path):
        self._source = (node_modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    def find_violations(self, root) -> list[str]:
        """What is wrong with an element and all in it: a text for each rule, with its nodes.

        Parameters
        ----------
        root : playwright.sync_api.Locator
        """
        if not root.page.evaluate("() => 'axe' in window"):
            root.page.evaluate(self._source)
        found = root.evaluate(_RUN, [STANDARDS, WHOLE_PAGE_RULES])
        missed = ALWAYS_JUDGED.difference(found["judged"])
        assert not missed, f"axe saw nothing to judge by {missed}"
        return [_describe(violation) for violation in found["violations"]]


def _describe(violation: dict, most: int = 5) -> str:
    nodes = violation["nodes"]
    lines = [f"{violation['rule']}: {violation['help']} ({len(nodes)} nodes)"]
    for node in nodes[:most]:
        lines += [f"  {node['html']}", *(f"    {line}" for line in node["why"].splitlines()[1:])]
    return "\n".join(lines)
