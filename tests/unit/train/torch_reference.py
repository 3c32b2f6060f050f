"""Networks as PyTorch computes them, for cases that parity_test.cpp wrote.

usage: torch_reference.py FOLDER. Each FOLDER/*.safetensors holds weights, input, dropout factors and what the
network under test made of them; a line of JSON goes to standard output for each quantity compared. Every clip is
computed alone and at its own length, so that nothing here knows of masks."""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F
from safetensors import safe_open

ACTIVATIONS = {"relu": F.relu, "elu": F.elu, "gelu": F.gelu, "tanh": torch.tanh, "none": lambda x: x}


class Network:
    """`clips` are lists of tensors, one a clip: [channels, frames, rows], [channels, frames] or [frames, features]."""

    def __init__(self, config, weights, dropout, training):
        self.config = config
        self.weights = weights
        self.dropout = dropout
        self.training = training
        self.moved = {}

    def drop(self, clips, layer, probability, time_major):
        """Factors stand in the order of memory: time outermost, channels innermost."""
        if not self.training or probability == 0:
            return clips
        return [x * time_major(self.dropout[layer][i], x) for i, x in enumerate(clips)]

    def batch_norm(self, clips, name):
        norm = self.config["norm"]
        weight, bias = self.weights[name + ".weight"], self.weights[name + ".bias"]
        mean, variance = self.weights[name + ".running_mean"], self.weights[name + ".running_variance"]
        if self.training:
            values = torch.cat([x.flatten(1) for x in clips], dim=1)
            batch_mean, batch_variance = values.mean(1), values.var(1, unbiased=False)
            count, keep = values.shape[1], norm["momentum"]
            correction = count / (count - 1) if norm["moving_variance"] == "unbiased" else 1
            self.moved[name + ".running_mean"] = keep * mean + (1 - keep) * batch_mean
            self.moved[name + ".running_variance"] = keep * variance + (1 - keep) * correction * batch_variance
            mean, variance = batch_mean, batch_variance
        def apply(x):
            shape = (-1,) + (1,) * (x.dim() - 1)
            scale = weight / (variance + norm["epsilon"]).sqrt()
            return (x - mean.view(shape)) * scale.view(shape) + bias.view(shape)
        return [apply(x) for x in clips]

    def layer_norm(self, clips, name):
        weight, bias = self.weights[name + ".weight"], self.weights[name + ".bias"]
        epsilon = self.config["norm"]["epsilon"]
        return [F.layer_norm(x.movedim(0, -1), weight.shape, weight, bias, epsilon).movedim(-1, 0) for x in clips]

    def block(self, clips, index):
        block = self.config["conv"][index]
        flat = self.config["conv_dimensions"] == 1
        weight, bias = (self.weights[f"conv{index + 1}.{part}"] for part in ("weight", "bias"))
        convolution = F.conv1d if flat else F.conv2d
        clips = [convolution(x[None], weight, bias, padding=block["padding"])[0] for x in clips]
        for part in block["order"]:
            if part == "activation":
                clips = [ACTIVATIONS[block["activation"]](x) for x in clips]
            elif part == "pool" and block["pool"] > 1:
                kind = "max_pool" if block["pool_kind"] == "max" else "avg_pool"
                pool = getattr(F, kind + ("1d" if flat else "2d"))
                clips = [pool(x[None], block["pool"])[0] for x in clips]
            elif part == "norm" and block["norm"] != "none":
                norm = self.batch_norm if block["norm"] == "batch" else self.layer_norm
                clips = norm(clips, f"norm{index + 1}")
            elif part == "dropout":
                def image(factors, x):
                    return factors[: x.numel()].view(*x.shape[1:], x.shape[0]).movedim(-1, 0)
                clips = self.drop(clips, index, block["dropout"], image)
        return clips

    def direction(self, steps, name, factors):
        """One LSTM direction over steps [frames, inputs], with torch.nn.LSTM where it can do it."""
        weight, recurrent = self.weights[name + ".input_weight"], self.weights[name + ".recurrent_weight"]
        bias = self.weights[name + ".bias"]
        second = self.weights.get(name + ".recurrent_bias", torch.zeros_like(bias))
        hidden = recurrent.shape[1]
        if factors == (None, None):
            lstm = torch.nn.LSTM(weight.shape[1], hidden, dtype=steps.dtype)
            values = {"weight_ih_l0": weight, "weight_hh_l0": recurrent, "bias_ih_l0": bias, "bias_hh_l0": second}
            return torch.func.functional_call(lstm, values, (steps[:, None],))[0][:, 0]
        input_factors, recurrent_factors = (None if f is None else f.view(4, -1) for f in factors)
        h = c = torch.zeros(hidden, dtype=steps.dtype)
        outputs = []
        for x in steps:
            gates = []
            for gate in range(4):
                rows = slice(gate * hidden, (gate + 1) * hidden)
                x_in = x if input_factors is None else x * input_factors[gate]
                h_in = h if recurrent_factors is None else h * recurrent_factors[gate]
                gates.append(weight[rows] @ x_in + recurrent[rows] @ h_in + bias[rows] + second[rows])
            i, f, g, o = gates
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            outputs.append(h)
        return torch.stack(outputs)

    def lstm(self, clips):
        lstm, number = self.config["lstm"], len(self.config["conv"])
        for layer in range(lstm["layers"]):
            name = "lstm" if layer == 0 else f"lstm{layer + 1}"
            parts = []
            for direction in ("forward", "backward")[: 2 if lstm["bidirectional"] else 1]:
                outputs = []
                for i, steps in enumerate(clips):
                    inputs = steps.flip(0) if direction == "backward" else steps
                    sizes = {"dropout": steps.shape[1], "recurrent_dropout": lstm["hidden"]}
                    factors = tuple(
                        self.dropout[number + k][i][: 4 * size] if self.training and lstm[key] > 0 else None
                        for k, (key, size) in enumerate(sizes.items()))
                    result = self.direction(inputs, f"{name}.{direction}", factors)
                    outputs.append(result.flip(0) if direction == "backward" else result)
                parts.append(outputs)
                if lstm["dropout"] > 0 or lstm["recurrent_dropout"] > 0:
                    number += 2
            clips = [torch.cat(steps, dim=1) for steps in zip(*parts)]
        return clips, number

    def pool(self, clips):
        pooling = self.config["pooling"]
        kind = pooling["kind"]
        if kind == "mean":
            return torch.stack([x.mean(0) for x in clips])
        if kind == "max":
            return torch.stack([x.amax(0) for x in clips])
        if kind == "last":
            if self.config["lstm"]["layers"] == 0 or not self.config["lstm"]["bidirectional"]:
                return torch.stack([x[-1] for x in clips])
            half = clips[0].shape[1] // 2
            return torch.stack([torch.cat([x[-1, :half], x[0, half:]]) for x in clips])
        weight, bias = self.weights["attention.weight"], self.weights["attention.bias"]
        pooled = []
        for x in clips:
            scores = torch.tanh(x @ weight + (bias[: len(x)] if bias.dim() == 2 else bias))
            pooled.append((F.softmax(scores, 0).T @ x).flatten())
        return torch.stack(pooled)

    def head(self, x, number):
        head = self.config["head"]
        def row(factors, value):
            return factors[: value.numel()]
        x = torch.stack(self.drop(list(x), number, head["dropout"], row))
        for i, dense in enumerate(head["dense"]):
            name = f"dense{i + 1}"
            x = F.linear(x, self.weights[name + ".weight"], self.weights[name + ".bias"])
            x = ACTIVATIONS[dense["activation"]](x)
            x = torch.stack(self.drop(list(x), number + 1 + i, dense["dropout"], row))
        return F.linear(x, self.weights["output.weight"], self.weights["output.bias"])

    def forward(self, clips):
        """Clips [frames, rows] -> logits [clips, classes]."""
        if self.config["conv"]:
            flat = self.config["conv_dimensions"] == 1
            clips = [x.T if flat else x[None] for x in clips]
            for index in range(len(self.config["conv"])):
                clips = self.block(clips, index)
            clips = [x.T if flat else x.movedim(0, -1).flatten(1) for x in clips]
        clips, number = self.lstm(clips)
        return self.head(self.pool(clips), number)


def compare(path):
    with safe_open(path, "pt") as file:
        case = json.loads(file.metadata()["case"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    part = lambda prefix: {k[len(prefix):]: v.double() for k, v in tensors.items() if k.startswith(prefix)}
    weights = {name: value.requires_grad_("running" not in name) for name, value in part("weight/").items()}
    features = part("input/")["features"].requires_grad_()
    dropout = {int(name): value for name, value in part("dropout/").items()}
    labels, lengths = tensors["input/labels"], tensors["input/lengths"]
    clips = [x[:length] for x, length in zip(features, lengths)]
    if not case["model"]["mask"]:
        clips = list(features)
    network = Network(case["model"], weights, dropout, case["training"])
    logits = network.forward(clips)
    loss = F.cross_entropy(logits, labels, label_smoothing=case["label_smoothing"])
    loss.backward()
    expected = {"logits": logits, "loss": loss, "gradient/features": features.grad}
    expected |= {"gradient/" + name: w.grad for name, w in weights.items() if w.requires_grad}
    expected |= {"moved/" + name: value for name, value in network.moved.items()}
    ours = part("result/")
    assert ours.keys() == expected.keys(), f"{path}: {ours.keys() ^ expected.keys()}"
    for name, value in expected.items():
        value = value.detach()
        error = ours[name].view(value.shape) - value
        print(json.dumps({"case": path.stem, "quantity": name, "largest": value.abs().max().item(),
                          "largest_error": error.abs().max().item(),
                          "mean_error": error.square().mean().sqrt().item()}))


if __name__ == "__main__":
    torch.set_num_threads(1)
    for case_file in sorted(pathlib.Path(sys.argv[1]).glob("*.safetensors")):
        compare(case_file)
