#!/usr/bin/env python3
"""Trains a reference network with PyTorch on made-up features and prints the samples per second of all ranks.

  torch_peer.py NETWORK [--compile] [--threads N] [--ranks N] [--tuned] [--precision bfloat16] [--seconds S]

Several ranks run DistributedDataParallel with gloo, 32 samples over all of them. --tuned: channels-last memory and
the fused AdamW; give tcmalloc by LD_PRELOAD."""

import argparse
import contextlib
import json
import os
import socket
import time

import torch
import torch.nn.functional as F
from torch import nn

from networks import BATCH, CLASSES, NETWORKS, steps

SAMPLES = 512


class RecurrentDropoutLSTM(nn.Module):
    """A bidirectional LSTM with Keras' dropout: for each gate a mask on the input and one on the state, the same at
    all steps. nn.LSTM has no such thing, so the loop over time is Python's."""

    def __init__(self, inputs, hidden, dropout):
        super().__init__()
        self.hidden, self.dropout = hidden, dropout
        scale = hidden ** -0.5
        self.kernels = nn.Parameter(torch.empty(2, 4, inputs, hidden).uniform_(-scale, scale))
        self.recurrent = nn.Parameter(torch.empty(2, 4, hidden, hidden).uniform_(-scale, scale))
        self.bias = nn.Parameter(torch.zeros(2, 4, 1, hidden))

    def masks(self, batch, width, like):
        return F.dropout(like.new_ones(4, batch, width), self.dropout, self.training)

    def direction(self, x, which):
        batch, length, inputs = x.shape
        masked = x.unsqueeze(0) * self.masks(batch, inputs, x).unsqueeze(2)  # [4, batch, length, inputs]
        gates = torch.baddbmm(self.bias[which], masked.reshape(4, batch * length, inputs), self.kernels[which])
        gates = gates.view(4, batch, length, self.hidden)
        mask = self.masks(batch, self.hidden, x)
        h = c = x.new_zeros(batch, self.hidden)
        outputs = []
        for t in range(length):
            i, f, g, o = torch.baddbmm(gates[:, :, t], h.unsqueeze(0) * mask, self.recurrent[which])
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            outputs.append(h)
        return torch.stack(outputs, 1)

    def forward(self, x):
        return torch.cat([self.direction(x, 0), self.direction(x.flip(1), 1).flip(1)], 2)


class PlainLSTM(nn.LSTM):
    def __init__(self, inputs, hidden):
        super().__init__(inputs, hidden, batch_first=True, bidirectional=True)

    def forward(self, x):
        return super().forward(x)[0]


class Network(nn.Module):
    def __init__(self, network):
        super().__init__()
        two = network["dims"] == 2
        conv, norm, pool = (nn.Conv2d, nn.BatchNorm2d, nn.MaxPool2d) if two else (nn.Conv1d, nn.BatchNorm1d, nn.MaxPool1d)
        channels, layers = 1 if two else network["rows"], []
        for block in network["blocks"]:
            n = block["filters"]
            layers += [conv(channels, n, block["kernel"], padding=block["padding"]), nn.ReLU()]
            made = {"pool": lambda: pool(2), "norm": lambda: norm(n, eps=1e-3, momentum=0.01),
                    "dropout": lambda: nn.Dropout(block["dropout"])}
            layers += [made[step]() for step in block["order"]]
            channels = n
        self.two, self.l2, hidden = two, network["l2"], network["hidden"]
        self.blocks = nn.Sequential(*layers)
        length, features = steps(network)
        dropout = network["recurrent_dropout"]
        self.lstm = RecurrentDropoutLSTM(features, hidden, dropout) if dropout else PlainLSTM(features, hidden)
        self.attention = nn.Linear(2 * hidden, 1, bias=False)
        self.attention_bias = nn.Parameter(torch.zeros(length, 1))
        head = [nn.Linear(2 * hidden, network["dense"]), nn.ReLU()] if network["dense"] else []
        head += [nn.Dropout(network["head_dropout"])] if network["head_dropout"] else []
        self.head = nn.Sequential(*head, nn.Linear(network["dense"] or 2 * hidden, CLASSES))

    def forward(self, features):  # [batch, frames, rows]
        if self.two:
            image = features.unsqueeze(1)
            if self.channels_last:  # contiguous() leaves an image of one channel as it is
                image = torch.empty_like(image, memory_format=torch.channels_last).copy_(image)
            image = self.blocks(image)
            x = image.permute(0, 2, 3, 1).flatten(2)
        else:
            x = self.blocks(features.transpose(1, 2)).transpose(1, 2)
        hidden = self.lstm(x)
        weights = torch.softmax(torch.tanh(self.attention(hidden) + self.attention_bias), 1)
        return self.head((hidden * weights).sum(1))

    def penalty(self):
        if not self.l2:
            return 0.0
        return self.l2 * (self.blocks[0].weight.square().sum() + self.head[0].weight.square().sum())


def train(rank, arguments, port, results):
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(rank)
    if arguments.ranks > 1:
        os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
        torch.distributed.init_process_group("gloo", rank=rank, world_size=arguments.ranks)
    network = NETWORKS[arguments.network]
    model = Network(network)
    model.channels_last = arguments.tuned and model.two
    if model.channels_last:
        model = model.to(memory_format=torch.channels_last)
    wrapped = nn.parallel.DistributedDataParallel(model) if arguments.ranks > 1 else model
    if arguments.compile:
        wrapped = torch.compile(wrapped)
    optimizer = (torch.optim.AdamW(model.parameters(), 1e-3, fused=True) if arguments.tuned
                 else torch.optim.Adam(model.parameters(), 1e-3, eps=1e-7))
    features = torch.randn(SAMPLES, network["frames"], network["rows"])
    labels = torch.randint(CLASSES, (SAMPLES,))
    class_weights = torch.linspace(0.8, 1.5, CLASSES)
    share = BATCH // arguments.ranks
    autocast = (torch.autocast("cpu", torch.bfloat16) if arguments.precision == "bfloat16"
                else contextlib.nullcontext())

    def step():
        chosen = torch.randint(SAMPLES, (share,))
        target = labels[chosen]
        optimizer.zero_grad(set_to_none=True)
        with autocast:
            logits = wrapped(features[chosen])
        losses = F.cross_entropy(logits.float(), target, label_smoothing=0.1, reduction="none")
        loss = (losses * class_weights[target]).mean() + model.penalty()
        loss.backward()
        optimizer.step()
        return loss.item()

    def timed(seconds):
        """Steps a second, and a second of processor time. All ranks do the same number of steps: a first one says how many."""
        start = time.perf_counter()
        for _ in range(3):
            step()
        count = torch.tensor(max(3, round(seconds * 3 / (time.perf_counter() - start))))
        if arguments.ranks > 1:
            torch.distributed.broadcast(count, 0)
        start, cpu = time.perf_counter(), time.process_time()
        for _ in range(int(count)):
            step()
        return int(count) / (time.perf_counter() - start), int(count) / (time.process_time() - cpu)

    timed(1.0)
    rate, cpu_rate = timed(arguments.seconds)
    if rank == 0:
        results.put({"samples_per_second": rate * BATCH,
                     "samples_per_cpu_second": cpu_rate * BATCH / arguments.ranks})
    if arguments.ranks > 1:
        torch.distributed.destroy_process_group()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", choices=sorted(NETWORKS))
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--tuned", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--ranks", type=int, default=1)
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--seconds", type=float, default=4)
    arguments = parser.parse_args()
    results = torch.multiprocessing.get_context("spawn").SimpleQueue()
    if arguments.ranks == 1:
        train(0, arguments, 0, results)
    else:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        torch.multiprocessing.spawn(train, (arguments, port, results), nprocs=arguments.ranks)
    print(json.dumps(results.get()))


if __name__ == "__main__":
    main()
