"""A model's layers in a table: output sizes, parameters, multiply-accumulates, receptive fields.

`table` is what comes out; `in_torch` and `in_keras` go through a model of either framework, layer
by layer, and share the receptive fields of `seen`. What each kind of PyTorch's layers and functions
does is in `torch_effects`.
"""

from __future__ import annotations

import sys
from math import prod
from typing import TYPE_CHECKING

from convviz.arguments import as_int, entries, shown
from convviz.arrays import MAX_CELLS
from convviz.catalogue import text
from convviz.summary.table import Row, Summary

if TYPE_CHECKING:
    import keras
    import torch

__all__ = ["Row", "Summary", "summary"]


def summary(
    model: torch.nn.Module | keras.Model, input_size: tuple[int, int, int] | None = None
) -> Summary:
    """The layers of a model, in the order in which they are called.

    Parameters
    ----------
    model : torch.nn.Module or keras.Model
        Of one input, which is an image. A Keras model is a Sequential or a functional one, with
        channels last.
    input_size : (C, H, W) for PyTorch, (H, W, C) for Keras
        Of one image, without the batch. May be left out where a Keras model knows it.

    Returns
    -------
    Summary
        Shown as a table. Its `rows` have the numbers:

        - *output size*, in the model's own order, without the batch. It is measured: in PyTorch by
          sending an image of zeros through the model, on the model's own device (on "meta" this
          computes nothing), in Keras by asking each layer;
        - *parameters*: weights and biases, frozen or not. What is used twice is counted once.
          Running means and variances, which no gradient changes, are counted by themselves; Keras
          calls them non-trainable parameters;
        - *multiply-accumulates*, for one image: one for each product of a weight and a number, so
          that padding counts and the bias does not. Of layers without a product of that kind
          (activation, normalisation, pooling, addition) there are none. A transposed convolution
          has one for each input number and weight that it meets, whether or not the result is
          cut off;
        - *receptive field* (height, width), as in `convviz.receptive_field`. Where branches meet,
          it reaches from the first to the last cell that either sees. A fully connected layer
          sees what all its inputs see. None where it is not one window that moves with the
          output: after a transposed convolution, for instance, or attention.

        What is not known is None, shown as a dash, and never guessed. A kind of layer that is not
        known is named below the table.

    Raises
    ------
    TypeError
        If `model` is neither, or `input_size` is not made of integers.
    ValueError
        If the model has more than one input, `input_size` is missing, contradicts the model or
        does not go through it; if PyTorch's lazy layers have not seen an input yet; or if a Keras
        model is subclassed, which leaves no graph to follow, or has channels first.

    Notes
    -----
    The model is left as it was: PyTorch's training mode is restored and no hook stays. Functions
    called in a PyTorch module's ``forward`` (``torch.cat``, ``relu``, ``+``) have a row each, as
    the corresponding layers have in Keras. A module of a class that is neither PyTorch's own nor
    made of other modules is not looked into.

    Examples
    --------
    >>> import torch
    >>> model = torch.nn.Sequential(
    ...     torch.nn.Conv2d(1, 6, 5, padding=2),
    ...     torch.nn.ReLU(),
    ...     torch.nn.AvgPool2d(2),
    ...     torch.nn.Flatten(),
    ...     torch.nn.Linear(6 * 14 * 14, 10),
    ... )
    >>> table = summary(model, (1, 28, 28))
    >>> table
    layer  kind       output (C, H, W)  parameters  multiply-accumulates  receptive field
    -------------------------------------------------------------------------------------
    0      Conv2d     6 × 28 × 28              156               117,600            5 × 5
    1      ReLU       6 × 28 × 28                0                     0            5 × 5
    2      AvgPool2d  6 × 14 × 14                0                     0            6 × 6
    3      Flatten    1176                       0                     0            6 × 6
    4      Linear     10                    11,770                11,760          32 × 32
    -------------------------------------------------------------------------------------
    total                                   11,926               129,360
    >>> table.rows[2].output_size, table.macs
    ((6, 14, 14), 129360)
    """
    if input_size is not None:
        sizes = entries(input_size)
        if sizes is None or len(sizes) != 3:
            raise ValueError(
                "input_size must be three integers, (C, H, W) for PyTorch or (H, W, C) for Keras, "
                f"but is {shown(input_size)}."
            )
        first, second, third = (as_int("input_size", size, 1) for size in sizes)
        input_size = first, second, third
        if (cells := prod(input_size)) > MAX_CELLS:
            places = {"shape": input_size, "cells": cells, "most": MAX_CELLS}
            raise ValueError(text("too_many_numbers", name="input_size", **places))
    # A model's framework has been imported; none is imported here for the sake of asking. With
    # Keras on PyTorch a Keras model is a torch.nn.Module too, so Keras comes first.
    keras, torch = sys.modules.get("keras"), sys.modules.get("torch")
    if keras is not None and isinstance(model, keras.Model):
        from convviz.summary import in_keras

        return in_keras.summarise(model, input_size)
    if torch is not None and isinstance(model, torch.nn.Module):
        from convviz.summary import in_torch

        if input_size is None:
            raise ValueError("input_size must be given, as (C, H, W): a PyTorch model has none.")
        return in_torch.summarise(model, input_size)
    raise TypeError(f"model must be a torch.nn.Module or a keras.Model, but is {shown(model)}.")
