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
    """A layer norm step by step, and back."""

    def __init__(self, scale: Tensor, offset: Tensor) -> None:
        self._scale, self._offset, self._size = scale, offset, [len(scale)]
        self._noted: list[tuple[Tensor, Tensor]] = []

    def __call__(self, inputs: Tensor) -> Tensor:
        """The normed inputs of the next step, `(B, D)`."""
        outputs, mean, spread = torch.native_layer_norm(inputs, self._size, self._scale, self._offset, NORM_EPS)
        self._noted.append((mean, spread))
        return outputs

    def back(self, step: int, inputs: Tensor, gradient: Tensor) -> Tensor:
        """From the gradient of a step's outputs to that of its inputs."""
        found: Tensor = self._back(gradient, inputs, *self._noted[step], (True, False, False))[0]
        return found

    def weights(self, inputs: Tensor, gradients: Tensor) -> tuple[Tensor, Tensor]:
        """The gradients of scale and offset, from those of all outputs, `(T, B, D)`."""
        mean, spread = (torch.stack(noted) for noted in zip(*self._noted, strict=True))
        _, scale, offset = self._back(gradients, inputs, mean, spread, (False, True, True))
        return scale, offset

    def outputs(self, inputs: Tensor) -> Tensor:
        """All steps again, at once."""
        return torch.nn.functional.layer_norm(inputs, self._size, self._scale, self._offset, NORM_EPS)

    def _back(self, gradient: Tensor, inputs: Tensor, mean: Tensor, spread: Tensor, wanted: tuple[bool, ...]) -> Any:
        return torch.ops.aten.native_layer_norm_backward(
            gradient, inputs, self._size, mean, spread, self._scale, self._offset, wanted
        )


class _Layer:
    """One layer's buffers over all steps: what it was given, what it asked and read, what it made of it."""

    def __init__(self, weights: LayerWeights, given: Tensor, made: Tensor, heads: int) -> None:
        steps, batch, width = given.shape
        self.weights, self.given, self.made = weights, given, made
        self.rows, self.each = batch * heads, width // heads
        self.read, self.middle = torch.zeros_like(given), torch.empty_like(given)
        self.inner = given.new_ones(steps, batch, len(weights.widen) + 1)  # the last column carries the bias
        self.asking_norm = _Norm(weights.asking_scale, weights.asking_offset)
        self.thinking_norm = _Norm(weights.thinking_scale, weights.thinking_offset)
        self.scale = 1 / math.sqrt(self.each)
        self._asking = weights.asking * self.scale
        self._nearest_last = weights.distance.flip(0).T.contiguous()  # (E, window)
        self._narrow = torch.cat((weights.narrow, weights.narrow_bias.unsqueeze(1)), 1)
        self._given, self._made = given.unbind(0), made.unbind(0)
        self._read, self._middle, self._inner = self.read.unbind(0), self.middle.unbind(0), self.inner.unbind(0)
        self._asked: list[Tensor] = []
        self._weighting: list[Tensor] = []

    def step(self, step: int, first: int, bank: "_Bank") -> None:
        """Look at the past steps from `first` on, and think: all of `feedback.Layer`."""
        weights, middle, inner = self.weights, self._middle[step], self._inner[step]
        asked = torch.mm(self.asking_norm(self._given[step]), self._asking.T).view(self.rows, 1, self.each)
        self._asked.append(asked)
        if step > first:
            scores = torch.bmm(asked, bank.keys[:, first:step].mT)
            scores.view(self.rows, -1).addmm_(asked.view(self.rows, -1), self._nearest_last[:, first - step :])
            weighting = torch.softmax(scores, -1)
            read = self._read[step]
            torch.bmm(weighting, bank.values[:, first:step], out=read.view(self.rows, 1, self.each))
            torch.addmm(self._given[step], read, weights.answering.T, out=middle)
        else:
            weighting = asked[..., :0]
            middle.copy_(self._given[step])
        self._weighting.append(weighting)
        torch.addmm(weights.widen_bias, self.thinking_norm(middle), weights.widen.T, out=inner[:, :-1])
        torch.addmm(middle, inner.relu_(), self._narrow.T, out=self._made[step])

    def prepare(self) -> None:
        """Buffers for the gradients."""
        self.from_made, self.from_middle, self.from_asked = (torch.zeros_like(self.given) for _ in range(3))
        self.from_inner = torch.empty_like(self.inner[..., :-1], memory_format=torch.contiguous_format)
        self._active = self.inner[..., :-1].sign().unbind(0)
        self.from_thinking, self.from_asking = torch.empty_like(self.given), torch.zeros_like(self.given)
        self.from_nearest_last = torch.zeros_like(self.weights.distance)
        self._from_inner, self._from_thinking = self.from_inner.unbind(0), self.from_thinking.unbind(0)
        self._from_middle, self._from_made = self.from_middle.unbind(0), self.from_made.unbind(0)
        self._from_asked, self._from_asking = self.from_asked.unbind(0), self.from_asking.unbind(0)

    def back(self, step: int, first: int, gradient: Tensor, bank: "_Bank") -> Tensor:
        """From the gradient of what was made at this step to that of what was given; keys and values get theirs."""
        weights = self.weights
        self._from_made[step].copy_(gradient)
        through = torch.mm(gradient, weights.narrow, out=self._from_inner[step]).mul_(self._active[step])
        from_thinking = torch.mm(through, weights.widen, out=self._from_thinking[step])
        back = self.thinking_norm.back(step, self._middle[step], from_thinking)
        from_middle = torch.add(gradient, back, out=self._from_middle[step])
        if step == first:
            return from_middle
        weighting, asked = self._weighting[step], self._asked[step]
        from_read = torch.mm(from_middle, weights.answering).view(self.rows, 1, self.each)
        from_weighting = torch.bmm(from_read, bank.values[:, first:step].mT)
        bank.from_values[:, first:step].addcmul_(weighting.mT, from_read)
        scores = torch._softmax_backward_data(from_weighting, weighting, -1, weighting.dtype)
        bank.from_keys[:, first:step].addcmul_(scores.mT, asked)
        flat, from_asked = scores.view(self.rows, -1), self._from_asked[step].view(self.rows, 1, self.each)
        self.from_nearest_last[first - step :].addmm_(flat.T, asked.view(self.rows, -1))
        torch.bmm(scores, bank.keys[:, first:step], out=from_asked)
        from_asked.view(self.rows, -1).addmm_(flat, self._nearest_last[:, first - step :].T)
        from_asking = torch.mm(self._from_asked[step], self._asking, out=self._from_asking[step])
        return from_middle + self.asking_norm.back(step, self._given[step], from_asking)

    def gradients(self) -> LayerWeights:
        """Of every weight, over all steps."""
        asking_scale, asking_offset = self.asking_norm.weights(self.given, self.from_asking)
        thinking_scale, thinking_offset = self.thinking_norm.weights(self.middle, self.from_thinking)
        narrow = _product(self.from_made, self.inner)
        return LayerWeights(
            asking_scale=asking_scale,
            asking_offset=asking_offset,
            asking=_product(self.from_asked, self.asking_norm.outputs(self.given)) * self.scale,
            distance=self.from_nearest_last.flip(0),
            answering=_product(self.from_middle, self.read),
            thinking_scale=thinking_scale,
            thinking_offset=thinking_offset,
            widen=_product(self.from_inner, self.thinking_norm.outputs(self.middle)),
            widen_bias=self.from_inner.sum((0, 1)),
            narrow=narrow[:, :-1],
            narrow_bias=narrow[:, -1],
        )


class _Bank:
    """The memory's keys and values and their gradients, `(A, T, 2 E)` each: of every head its keys, then its values."""

    def __init__(self, weight: Tensor, like: Tensor, heads: int) -> None:
        steps, batch, width = like.shape
        self._heads, self._each = heads, width // heads
        self._weight = weight.view(2, heads, self._each, width).transpose(0, 1).reshape(2 * width, width)
        self._both = like.new_empty(batch * heads, steps, 2 * self._each)
        self.keys, self.values = self._both.chunk(2, -1)

    def write(self, step: int, kept: Tensor) -> None:
        """Keep the keys and values of what a step remembers, `(B, D)`."""
        self._both[:, step] = torch.mm(kept, self._weight.T).view(len(self._both), -1)

    def prepare(self) -> None:
        """No gradient yet."""
        self._from_both = torch.zeros_like(self._both)
        self.from_keys, self.from_values = self._from_both.chunk(2, -1)

    def back(self, step: int, out: Tensor) -> None:
        """The gradient of what a step remembers, `(B, D)`, once all later steps have given theirs."""
        torch.mm(self._from_both[:, step].reshape(len(out), -1), self._weight, out=out)

    def gradient(self, kept: Tensor) -> Tensor:
        """Of the weight, over all steps."""
        by_step = self._from_both.view(kept.shape[1], self._heads, len(kept), -1).permute(2, 0, 1, 3).flatten(2)
        found = _product(by_step, kept)
        return found.view(self._heads, 2, self._each, -1).transpose(0, 1).reshape(found.shape)


class Loop(torch.autograd.Function):
    """All steps of the feedback memory: embedded inputs `(T, B, D)` -> top layer `(T, B, D)`."""

    @staticmethod
    def forward(ctx: Any, inputs: Tensor, heads: int, window: int, *weights: Tensor) -> Tensor:
        """Run the loop. `weights`: those of the memory, then those of each layer."""
        first, size = len(MemoryWeights._fields), len(LayerWeights._fields)
        memory, steps = MemoryWeights(*weights[:first]), len(inputs)
        count = (len(weights) - first) // size
        streams = inputs.new_empty(count + 1, *inputs.shape)
        streams[0] = inputs
        layers = [
            _Layer(LayerWeights(*weights[first + i * size :][:size]), streams[i], streams[i + 1], heads) for i in range(count)
        ]
        mixed, bank, norm = torch.empty_like(inputs), _Bank(memory.offered, inputs, heads), _Norm(memory.scale, memory.offset)
        by_step = streams.flatten(2).transpose(0, 2).unbind(1)
        flat = mixed.view(steps, -1).unbind(0)
        for step in range(steps):
            for layer in layers:
                layer.step(step, max(0, step - window), bank)
            torch.mv(by_step[step], memory.shares, out=flat[step])
            bank.write(step, norm(mixed[step]))
        ctx.kept = (memory, layers, streams, mixed, bank, norm, window)
        return streams[-1]

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        """The same steps from the last to the first."""
        memory, layers, streams, mixed, bank, norm, window = ctx.kept
        top = gradients[0]
        for part in (bank, *layers):
            part.prepare()
        from_inputs, from_mixed, from_kept = (torch.empty_like(top) for _ in range(3))
        shares = memory.shares.tolist()
        for step in range(len(top) - 1, -1, -1):
            bank.back(step, from_kept[step])
            remembered = norm.back(step, mixed[step], from_kept[step])
            from_mixed[step] = remembered
            gradient = torch.add(top[step], remembered, alpha=shares[-1])
            for number, layer in reversed(list(enumerate(layers))):
                gradient = layer.back(step, max(0, step - window), gradient, bank)
                gradient = gradient.add_(remembered, alpha=shares[number])
            from_inputs[step] = gradient
        scale, offset = norm.weights(mixed, from_kept)
        from_shares = torch.mv(streams.flatten(1), from_mixed.flatten())
        of_memory = MemoryWeights(from_shares, scale, offset, bank.gradient(norm.outputs(mixed)))
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
