"""The benchmark of the explorer's latency sees every step of what it compares; no time asserted."""

from benchmarks import explorer_latency


def test_each_step_is_seen(lab, monkeypatch):
    """But for ipympl's, which only the benchmarks install."""
    monkeypatch.setattr(explorer_latency, "STEPS_BEFORE", 1)
    monkeypatch.setattr(explorer_latency, "SLIDERS", ("stride",))
    explorer, _, interact = explorer_latency.NOTEBOOKS_OF_PICTURES[0]
    rows = explorer_latency.measure_notebook(lab, [explorer, interact], steps=2)
    assert [row["picture"] for row in rows] == [explorer.name, interact.name]
    for row in rows:
        assert row["changed"]["count"] == 2
        assert 0 < row["changed"]["median"] < row["painted"]["median"]
