"""A layer of PyTorch or Keras taken in with its weights, and given out in the other framework.

`from_torch` and `from_keras` read a layer into a `ConvLayer`, which holds it in the terms of
`conv2d`; ``to_torch``, ``to_keras`` and ``code`` give it out again. Modules, from the bottom up:
`constructors` (which calls, as data and as code), `builders` (the calls made), `layer`, `readers`.
The frameworks differ in this:

- Keras lays kernels out as (kH, kW, C_in / groups, C_out), PyTorch as (C_out, C_in / groups, kH,
  kW); images are (N, H, W, C) and (N, C, H, W).
- Keras pads by rule: "same" adds what ``ceil(input / stride)`` outputs need, the odd cell at the
  bottom and right. PyTorch pads by number, alike on two opposite sides, and has "same" at stride 1
  only.
- Keras pads with zeros only, and has no Conv2D with both a stride and a dilation above 1.

Where no one layer is equal, a padding layer before it may make it so. Otherwise the answer is a
ValueError that says why, and what to do instead.

Sources: PyTorch, ``torch.nn.Conv2d``
(https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html); Keras, ``Conv2D``
(https://keras.io/api/layers/convolution_layers/convolution2d/) and ``DepthwiseConv2D``
(https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/); TensorFlow, "Notes on
padding" (https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2).
"""

from convviz.frameworks.layer import ConvLayer
from convviz.frameworks.readers import from_keras, from_torch

__all__ = ["ConvLayer", "from_keras", "from_torch"]
