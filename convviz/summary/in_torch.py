"""Go through a PyTorch model, by calling it with an image of zeros and watching.

Modules report through hooks. What ``forward`` does between modules, as ``torch.cat``, passes
through PyTorch's function mode, which sees every function that gets a tensor.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch.nn.parameter import UninitializedParameter
from torch.overrides import TorchFunctionMode

from convviz.fields import ReceptiveField
from convviz.summary.seen import Seen, words
from convviz.summary.table import Row, Summary
from convviz.summary.torch_effects import MIXING, effect_of_function, effect_of_module, places_of

# Functions that are not worth a row.
_UNNOTICED = words("contiguous clone detach to float double half bfloat16 type type_as")


def summarise(model: torch.nn.Module, input_size: tuple[int, int, int]) -> Summary:
    """The table of a PyTorch model; `input_size` is (C, H, W)."""
    _check_inputs(model)
    for name, parameter in model.named_parameters():
        if isinstance(parameter, UninitializedParameter):
            raise ValueError(
                f"model has a lazy layer that has not seen an input yet: {name} has no size. "
                "Call the model once."
            )
    tensors = [*model.parameters(), *model.buffers()]
    like = next(filter(torch.is_floating_point, tensors), torch.empty(0))
    image = torch.zeros((1, *input_size), dtype=like.dtype, device=like.device)

    watch = _Watch(model, image)
    try:
        with torch.no_grad(), _undisturbed(model), watch.hooked(), watch:
            model(image)
    except (RuntimeError, ValueError) as error:
        where = f" (in {watch.inside})" if watch.inside else ""
        raise ValueError(
            f"input_size {input_size}, as (C, H, W), does not go through the model{where}: {error}"
        ) from error
    return Summary(tuple(watch.rows), "C, H, W", _count_statistics(model), watch.not_called())


class _Watch(TorchFunctionMode):
    """Writes a row for each module called, and for each function called between modules."""

    def __init__(self, model: torch.nn.Module, image: torch.Tensor):
        super().__init__()
        self.rows: list[Row] = []
        self._model = model
        self._names = {module: name for name, module in model.named_modules()}
        self._leaves = set(_find_leaves(model))
        self._calls: list[torch.nn.Module] = []  # those that are under way, innermost last
        self._counted: set[torch.nn.Parameter] = set()
        # By identity, and with the tensor, which must live as long as its identity is used.
        self._seen: dict[int, tuple[torch.Tensor, Seen | None]] = {}
        self._see(image, Seen(ReceptiveField(), places_of(image)))

    @property
    def inside(self) -> str:
        """The name of the module being called."""
        return self._names[self._calls[-1]] if self._calls else ""

    @contextmanager
    def hooked(self) -> Iterator[None]:
        """With hooks on every module of the model."""
        with ExitStack() as stack:
            for module in self._names:
                for handle in (
                    module.register_forward_pre_hook(self._enter),
                    module.register_forward_hook(self._leave, with_kwargs=True),
                ):
                    stack.callback(handle.remove)
            yield

    def not_called(self) -> dict[str, int]:
        """Modules whose parameters no row has counted, with their number."""
        missing = {
            self._names[module]: self._count_new(module.parameters(recurse=False))
            for module in self._names
        }
        return {name: count for name, count in missing.items() if count}

    def _enter(self, module: torch.nn.Module, args: tuple[Any, ...]) -> None:
        self._calls.append(module)

    def _leave(
        self,
        module: torch.nn.Module,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        output: object,
    ) -> None:
        self._calls.pop()
        if self._inside_leaf():
            return
        if module in self._leaves:
            inputs = self._followed((args, kwargs))
            macs, seen = None, None
            if len(inputs) == 1 and isinstance(output, torch.Tensor) and _is_torchs_own(module):
                macs, seen = effect_of_module(module, inputs[0], output, self._seen_of(inputs)[0])
            own = module.parameters()
        elif any(True for _ in module.parameters(recurse=False)):
            # What a module of modules does with parameters of its own is not known; what it
            # puts out has been followed through the functions that it calls.
            macs, own = None, module.parameters(recurse=False)
            seen = self._seen_of([output])[0] if isinstance(output, torch.Tensor) else None
        else:
            return
        self._write(self._names[module], type(module).__name__, output, own, macs, seen)

    def __torch_function__(
        self,
        func: Callable[..., object],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> object:
        output = func(*args, **(kwargs or {}))
        inputs = self._followed((args, kwargs))
        if self._inside_leaf() or not inputs or not self._calls or not _tensors_in(output):
            return output
        name = getattr(func, "__name__", str(func))
        if not name.endswith("__"):
            name = name.removesuffix("_")  # which says that it works in place
        if name in _UNNOTICED:
            self._see(output, self._seen_of(inputs)[0])
        else:
            macs, seen = None, None
            if isinstance(output, torch.Tensor):
                macs, seen = effect_of_function(
                    name, args, kwargs or {}, inputs, output, self._seen_of(inputs)
                )
            elif name in MIXING:
                macs = 0
            self._write(".".join(filter(None, (self.inside, name))), name, output, (), macs, seen)
        return output

    def _write(
        self,
        name: str,
        kind: str,
        output: object,
        parameters: Iterable[torch.nn.Parameter],
        macs: int | None,
        seen: Seen | None,
    ) -> None:
        size = tuple(output.shape[1:]) if isinstance(output, torch.Tensor) else None
        field = None if seen is None else seen.field.size
        self.rows.append(Row(name, kind, size, self._count_new(parameters), macs, field))
        self._see(output, seen)

    def _count_new(self, parameters: Iterable[torch.nn.Parameter]) -> int:
        new = set(parameters) - self._counted
        self._counted |= new
        return sum(parameter.numel() for parameter in new)

    def _inside_leaf(self) -> bool:
        return any(module in self._leaves for module in self._calls)

    def _see(self, output: object, seen: Seen | None) -> None:
        for tensor in _tensors_in(output):
            self._seen[id(tensor)] = tensor, seen

    def _followed(self, arguments: object) -> list[torch.Tensor]:
        """The tensors among arguments that come from the image; weights do not."""
        return [tensor for tensor in _tensors_in(arguments) if id(tensor) in self._seen]

    def _seen_of(self, tensors: Iterable[torch.Tensor]) -> list[Seen | None]:
        return [self._seen.get(id(tensor), (tensor, None))[1] for tensor in tensors]


def _tensors_in(nested: object) -> list[torch.Tensor]:
    if isinstance(nested, torch.Tensor):
        return [nested]
    if isinstance(nested, dict):
        nested = nested.values()
    elif not isinstance(nested, list | tuple):
        return []
    return [tensor for part in nested for tensor in _tensors_in(part)]


def _is_torchs_own(module: torch.nn.Module) -> bool:
    """Not a subclass, whose ``forward`` may do anything."""
    return type(module).__module__.startswith("torch.nn.modules.")


def _find_leaves(model: torch.nn.Module) -> Iterator[torch.nn.Module]:
    """The modules that are not looked into."""
    containers = torch.nn.Sequential, torch.nn.ModuleList, torch.nn.ModuleDict
    for module in model.modules():
        whole = _is_torchs_own(module) and not isinstance(module, containers)
        childless = module is not model and not any(True for _ in module.children())
        if whole or childless:
            yield module


def _count_statistics(model: torch.nn.Module) -> int:
    return sum(
        buffer.numel()
        for name, buffer in model.named_buffers()
        if name.rpartition(".")[2] in ("running_mean", "running_var")
    )


def _check_inputs(model: torch.nn.Module) -> None:
    needed = [
        parameter.name
        for parameter in inspect.signature(model.forward).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    ]
    if len(needed) > 1:
        raise ValueError(
            f"model must have one input, but {type(model).__name__}.forward takes "
            f"{', '.join(needed)}."
        )


@contextmanager
def _undisturbed(model: torch.nn.Module) -> Iterator[None]:
    """In eval mode; afterwards each module's mode and the random numbers are as before."""
    modes = {module: module.training for module in model.modules()}
    try:
        model.eval()
        with torch.random.fork_rng(devices=()):
            yield
    finally:
        for module, mode in modes.items():
            module.training = mode
