"""What the README tells a newcomer to type does what it says."""

import ast
import re
from pathlib import Path

import numpy as np
import pytest

import convviz
import convviz.pictures

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_lines_run(capsys, tmp_path, monkeypatch):
    import torch

    monkeypatch.chdir(tmp_path)
    image, weight, bias = convviz.example()
    names = {
        "image": np.pad(image, ((0, 0), (1, 1), (1, 1))),
        "weight": weight,
        "bias": bias,
        "photograph": convviz.pictures.photograph(),
        "torch_layer": torch.nn.Conv2d(2, 3, 3, padding=1),
        "model": torch.nn.Sequential(torch.nn.Conv2d(3, 4, 7, stride=2)),
    }
    for code in re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL):
        exec(code, names)
    assert names["explorer"].output.shape == (2, 2, 2)
    assert "keras.layers.Conv2D(3, " in capsys.readouterr().out


def test_the_results_beside_the_python_lines_are_right():
    shown = re.findall(r"^(convviz\.\S.*?\))\s+# (\(.*\))$", README, flags=re.MULTILINE)
    assert shown
    for line, result in shown:
        assert eval(line, {"convviz": convviz}) == ast.literal_eval(result)


@pytest.mark.parametrize("path", re.findall(r'(?:\]\(|src="|srcset=")(?!http)([^)"]+)', README))
def test_links_lead_somewhere(path):
    assert (ROOT / path).exists()


def test_every_notebook_is_in_the_walk():
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        assert f"(notebooks/{path.name})" in README
