"""The quick path of the Feedback Transformer: its loop over steps, with the gradient written by hand.

torch's own gradient would note every small operation of every step and copy the memory for each. Here all values lie in buffers
made once, and the gradients of the weights are summed over all steps in one product each. The readable loop is in `feedback.py`;
a test holds both to the same outputs and gradients.
Shapes: T steps, B batch, D width, F inner width, H heads, E = D / H, A = B H, n layers, P past steps in the window.
"""

import math
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.blocks.heads import attention, join_heads, split_heads

NORM_EPS = 1e-5
"""torch's own."""


class LayerWeights(NamedTuple):
    """The parameters of one layer, in the order in which `Loop.apply` takes them."""

    asking_scale: Tensor
    asking_offset: Tensor
    asking: Tensor
    distance: Tensor
    answering: Tensor
    thinking_scale: Tensor
    thinking_offset: Tensor
    widen: Tensor
    widen_bias: Tensor
    narrow: Tensor
    narrow_bias: Tensor


class MemoryWeights(NamedTuple):
    """What all layers share: the shares of embedding and layers in the memory `(n + 1,)`, its norm, its keys and values."""

    shares: Tensor
    scale: Tensor
    offset: Tensor
    offered: Tensor


class _Norm:
    """A layer norm of the inputs `(T, B, D)`, step by step, and back."""

    def __init__(self, inputs: Tensor, scale: Tensor, offset: Tensor) -> None:
        self._inputs, self._scale, self._offset = inputs, scale, offset
        self._size = [inputs.shape[-1]]
        self.outputs = torch.empty_like(inputs)
        self._noted: list[tuple[Tensor, Tensor]] = []

    def at(self, step: int) -> Tensor:
        """The normed inputs of this step; steps come in order."""
        outputs, mean, spread = torch.native_layer_norm(self._inputs[step], self._size, self._scale, self._offset, NORM_EPS)
        self._noted.append((mean, spread))
        self.outputs[step] = outputs
        return outputs

    def back(self, step: int, gradient: Tensor) -> Tensor:
        """From the gradient of this step's outputs to that of its inputs."""
        found: Tensor = self._back(gradient, self._inputs[step], *self._noted[step], (True, False, False))[0]
        return found

    def weights(self, gradients: Tensor) -> tuple[Tensor, Tensor]:
        """The gradients of scale and offset, from those of all outputs."""
        mean, spread = (torch.stack(noted) for noted in zip(*self._noted, strict=True))
        _, scale, offset = self._back(gradients, self._inputs, mean, spread, (False, True, True))
        return scale, offset

    def _back(self, gradient: Tensor, inputs: Tensor, mean: Tensor, spread: Tensor, wanted: tuple[bool, ...]) -> Any:
        return torch.ops.aten.native_layer_norm_backward(
            gradient, inputs, self._size, mean, spread, self._scale, self._offset, wanted
        )


class _Layer:
    """One layer's buffers over all steps: what it was given, what it asked, what it read, what it made of it."""

    def __init__(self, weights: LayerWeights, given: Tensor, made: Tensor, heads: int) -> None:
        steps, batch, width = given.shape
        inner = len(weights.widen)
        self.weights = weights
        self.made = made
        self.heads, self.rows, self.each = heads, batch * heads, width // heads
        self.read, self.middle = torch.empty_like(given), torch.empty_like(given)
        self.inner = given.new_empty(steps, batch, inner)
        self.asked = given.new_empty(self.rows, steps, self.each)
        self.weighting: list[Tensor] = []
        self.asking_norm = _Norm(given, weights.asking_scale, weights.asking_offset)
        self.thinking_norm = _Norm(self.middle, weights.thinking_scale, weights.thinking_offset)
        self.nearest_last = weights.distance.flip(0).T.contiguous()  # (E, window)
        self.given = given

    def step(self, step: int, first: int, keys: Tensor, values: Tensor) -> None:
        """Look at the past steps from `first` on, and think: all of `feedback.Layer`."""
        weights = self.weights
        asking = torch.mm(self.asking_norm.at(step), weights.asking.T).view(self.rows, 1, self.each)
        self.asked[:, step] = asking[:, 0]
        if step > first:
            scores = torch.bmm(asking, keys[:, first:step].mT)
            scores.view(self.rows, -1).addmm_(asking.view(self.rows, -1), self.nearest_last[:, first - step :])
            weighting = torch.softmax(scores.mul_(1 / math.sqrt(self.each)), -1)
            self.weighting.append(weighting)
            read = self.read[step]
            torch.bmm(weighting, values[:, first:step], out=read.view(self.rows, 1, self.each))
            torch.addmm(self.given[step], read, weights.answering.T, out=self.middle[step])
        else:
            self.weighting.append(asking.new_empty(0))
            self.read[step] = 0.0
            self.middle[step] = self.given[step]
        thinking = self.thinking_norm.at(step)
        inner = torch.addmm(weights.widen_bias, thinking, weights.widen.T, out=self.inner[step]).relu_()
        torch.addmm(self.middle[step] + weights.narrow_bias, inner, weights.narrow.T, out=self.made[step])

    def prepare(self) -> None:
        """Buffers for the gradients."""
        self.from_made, self.from_middle = torch.empty_like(self.given), torch.empty_like(self.given)
        self.from_inner = torch.empty_like(self.inner)
        self.from_thinking, self.from_asking = torch.empty_like(self.given), torch.empty_like(self.given)
        self.from_asked = torch.empty_like(self.given)
        self.from_nearest_last = torch.zeros_like(self.weights.distance)

    def back(self, step: int, first: int, gradient: Tensor, bank: "_Bank") -> Tensor:
        """From the gradient of what was made at this step to that of what was given; keys and values get theirs."""
        weights = self.weights
        self.from_made[step] = gradient
        from_inner = torch.mm(gradient, weights.narrow, out=self.from_inner[step])
        from_inner.mul_(self.inner[step] > 0)
        from_thinking = torch.mm(from_inner, weights.widen, out=self.from_thinking[step])
        from_middle = torch.add(gradient, self.thinking_norm.back(step, from_thinking), out=self.from_middle[step])
        if step == first:
            self.from_asking[step], self.from_asked[step] = 0.0, 0.0
            return from_middle
        weighting, asked = self.weighting[step], self.asked[:, step : step + 1]
        from_read = torch.mm(from_middle, weights.answering).view(self.rows, 1, self.each)
        from_weighting = torch.bmm(from_read, bank.values[:, first:step].mT)
        bank.from_values[:, first:step].addcmul_(weighting.mT, from_read)
        scores = torch._softmax_backward_data(from_weighting, weighting, -1, torch.float32).mul_(1 / math.sqrt(self.each))
        bank.from_keys[:, first:step].addcmul_(scores.mT, asked)
        flat = scores.view(self.rows, -1)
        self.from_nearest_last[first - step :].addmm_(flat.T, asked[:, 0])
        from_asked = torch.bmm(scores, bank.keys[:, first:step]).view(self.rows, self.each)
        from_asked.addmm_(flat, self.nearest_last[:, first - step :].T)
        self.from_asked[step] = from_asked.view(gradient.shape)
        from_asking = torch.mm(self.from_asked[step], weights.asking, out=self.from_asking[step])
        return from_middle + self.asking_norm.back(step, from_asking)

    def gradients(self) -> LayerWeights:
        """Of every weight, over all steps."""
        asking_scale, asking_offset = self.asking_norm.weights(self.from_asking)
        thinking_scale, thinking_offset = self.thinking_norm.weights(self.from_thinking)
        return LayerWeights(
            asking_scale=asking_scale,
            asking_offset=asking_offset,
            asking=_product(self.from_asked, self.asking_norm.outputs),
            distance=self.from_nearest_last.flip(0),
            answering=_product(self.from_middle, self.read),
            thinking_scale=thinking_scale,
            thinking_offset=thinking_offset,
            widen=_product(self.from_inner, self.thinking_norm.outputs),
            widen_bias=self.from_inner.sum((0, 1)),
            narrow=_product(self.from_made, self.inner),
            narrow_bias=self.from_made.sum((0, 1)),
        )


class _Bank:
    """The memory's keys and values, `(A, T, E)` each, and their gradients."""

    def __init__(self, like: Tensor, heads: int) -> None:
        steps, batch, width = like.shape
        self._each = width // heads
        self._rows = batch * heads
        self.keys, self.values = like.new_empty(2, self._rows, steps, self._each).unbind(0)

    def write(self, step: int, offered: Tensor) -> None:
        """Take the keys and values of a step, side by side `(B, 2 D)`."""
        keys, values = offered.chunk(2, -1)
        self.keys[:, step] = keys.reshape(self._rows, self._each)
        self.values[:, step] = values.reshape(self._rows, self._each)

    def prepare(self) -> None:
        """No gradient yet."""
        self.from_keys, self.from_values = torch.zeros_like(self.keys), torch.zeros_like(self.values)

    def back(self, step: int, batch: int) -> Tensor:
        """The gradient of what was offered at this step, once all later steps have given theirs."""
        both = (bank[:, step].reshape(batch, -1) for bank in (self.from_keys, self.from_values))
        return torch.cat(tuple(both), -1)


class Loop(torch.autograd.Function):
    """All steps of the feedback memory: embedded inputs `(T, B, D)` -> top layer `(T, B, D)`."""

    @staticmethod
    def forward(ctx: Any, inputs: Tensor, heads: int, window: int, *weights: Tensor) -> Tensor:
        """Run the loop. `weights`: those of the memory, then those of each layer."""
        memory = MemoryWeights(*weights[: len(MemoryWeights._fields)])
        size = len(LayerWeights._fields)
        steps, batch, width = inputs.shape
        count = (len(weights) - len(memory)) // size
        streams = inputs.new_empty(count + 1, *inputs.shape)
        streams[0] = inputs
        layers = [
            _Layer(LayerWeights(*weights[len(memory) + i * size :][:size]), streams[i], streams[i + 1], heads)
            for i in range(count)
        ]
        mixed, bank = torch.empty_like(inputs), _Bank(inputs, heads)
        kept, offered = _Norm(mixed, memory.scale, memory.offset), inputs.new_empty(steps, batch, 2 * width)
        flat = streams.view(count + 1, steps, batch * width)
        for step in range(steps):
            for layer in layers:
                layer.step(step, max(0, step - window), bank.keys, bank.values)
            torch.mv(flat[:, step].T, memory.shares, out=mixed[step].view(-1))
            bank.write(step, torch.mm(kept.at(step), memory.offered.T, out=offered[step]))
        ctx.kept = (memory, layers, streams, bank, kept, window)
        return streams[-1]

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        """The same steps from the last to the first."""
        memory, layers, streams, bank, kept, window = ctx.kept
        top = gradients[0]
        steps, batch, _ = top.shape
        for part in (bank, *layers):
            part.prepare()
        from_inputs, from_mixed, from_kept = torch.empty_like(top), torch.empty_like(top), torch.empty_like(top)
        from_offered = top.new_empty(steps, batch, 2 * top.shape[-1])
        shares = memory.shares.tolist()
        for step in range(steps - 1, -1, -1):
            from_offered[step] = bank.back(step, batch)
            torch.mm(from_offered[step], memory.offered, out=from_kept[step])
            from_mixed[step] = kept.back(step, from_kept[step])
            gradient = torch.add(top[step], from_mixed[step], alpha=shares[-1])
            for number, layer in reversed(list(enumerate(layers))):
                gradient = layer.back(step, max(0, step - window), gradient, bank)
                gradient = torch.add(gradient, from_mixed[step], alpha=shares[number])
            from_inputs[step] = gradient
        scale, offset = kept.weights(from_kept)
        from_shares = torch.mv(streams.flatten(1), from_mixed.flatten())
        of_memory = MemoryWeights(from_shares, scale, offset, _product(from_offered, kept.outputs))
        of_layers = (gradient for layer in layers for gradient in layer.gradients())
        return from_inputs, None, None, *of_memory, *of_layers


def _product(gradients: Tensor, inputs: Tensor) -> Tensor:
    """The gradient of a linear map's weight, over all steps at once: `(T, B, O)`, `(T, B, I)` -> `(O, I)`."""
    return gradients.flatten(0, 1).T @ inputs.flatten(0, 1)


def same_layers(inputs: Tensor, heads: int, window: int, memory: MemoryWeights, layers: list[LayerWeights]) -> Tensor:
    """A memory "same" needs no loop: each layer looks at the layer below it, at all steps at once. `(T, B, D)` twice.

    A window of 0: no layer looks at anything.
    """
    steps, _, width = inputs.shape
    places = torch.arange(steps)
    ago = places[:, None] - places
    allowed = (ago >= 1) & (ago <= window)
    stream = inputs.transpose(0, 1)
    for weights in layers:
        if window:
            kept = F.layer_norm(stream, [width], memory.scale, memory.offset, NORM_EPS)
            keys, values = split_heads(kept @ memory.offered.T, 2 * heads).chunk(2, 1)
            asking = F.layer_norm(stream, [width], weights.asking_scale, weights.asking_offset, NORM_EPS)
            asked = split_heads(asking @ weights.asking.T, heads)
            nearness = (asked @ weights.distance.T).gather(-1, (ago - 1).clamp(0, window - 1).expand(*asked.shape[:3], -1))
            scores = (asked @ keys.mT + nearness) / math.sqrt(keys.shape[-1])
            stream = stream + join_heads(attention(scores, allowed) @ values) @ weights.answering.T
        thinking = F.layer_norm(stream, [width], weights.thinking_scale, weights.thinking_offset, NORM_EPS)
        inner = torch.relu(F.linear(thinking, weights.widen, weights.widen_bias))
        stream = stream + F.linear(inner, weights.narrow, weights.narrow_bias)
    return stream.transpose(0, 1)
