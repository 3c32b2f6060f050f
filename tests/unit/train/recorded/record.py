"""Records what Keras and PyTorch compute, for recipe_test.cpp: python record.py > recipe.json

Needs torch, keras, numpy and KERAS_BACKEND=torch. Everything is float64.
"""

import json

import keras
import numpy as np
import torch
import torch.nn.functional as F

keras.backend.set_floatx("float64")
torch.set_default_dtype(torch.float64)
STEPS, SIZE = 12, 5
random = np.random.default_rng(7)
START = random.normal(size=SIZE)
GRADIENTS = random.normal(size=(STEPS, SIZE)) * np.array([1, 0.1, 10, 1e-3, 1])
RATES = [0.01] * 5 + [0.005] * 4 + [0.02] * 3


def keras_optimizer(config):
    """Values after each step; the rate changes on the way."""
    common = {"learning_rate": RATES[0]}
    if config.get("weight_decay"):
        common["weight_decay"] = config["weight_decay"]
    if config.get("clip_norm"):
        common["global_clipnorm"] = config["clip_norm"]
    if config.get("clip_value"):
        common["clipvalue"] = config["clip_value"]
    if config["kind"] == "sgd":
        optimizer = keras.optimizers.SGD(
            momentum=config.get("momentum", 0.0), nesterov=config.get("nesterov", False), **common)
    else:
        made = {"adam": keras.optimizers.Adam, "adamw": keras.optimizers.AdamW}[config["kind"]]
        optimizer = made(epsilon=1e-7, use_ema=bool(config.get("ema")), ema_momentum=0.9, **common)
    variable = keras.Variable(START, dtype="float64")
    optimizer.build([variable])
    values, averages = [], []
    for rate, gradient in zip(RATES, GRADIENTS):
        optimizer.learning_rate = rate
        optimizer.apply([torch.tensor(gradient)])
        values.append(np.array(keras.ops.convert_to_numpy(variable)).tolist())
        if config.get("ema"):
            average = optimizer._model_variables_moving_average[0]
            averages.append(np.array(keras.ops.convert_to_numpy(average)).tolist())
    return {"values": values, "averages": averages}


def torch_optimizer(config):
    parameter = torch.tensor(START, requires_grad=True)
    decay = config.get("weight_decay", 0)
    if config["kind"] == "sgd":
        optimizer = torch.optim.SGD([parameter], lr=RATES[0], momentum=config.get("momentum", 0),
                                    nesterov=config.get("nesterov", False), weight_decay=decay)
    else:
        made = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[config["kind"]]
        optimizer = made([parameter], lr=RATES[0], eps=1e-8, weight_decay=decay)
    values = []
    for rate, gradient in zip(RATES, GRADIENTS):
        optimizer.param_groups[0]["lr"] = rate
        parameter.grad = torch.tensor(gradient)
        if config.get("clip_value"):
            torch.nn.utils.clip_grad_value_([parameter], config["clip_value"])
        if config.get("clip_norm"):
            torch.nn.utils.clip_grad_norm_([parameter], config["clip_norm"])
        optimizer.step()
        values.append(parameter.detach().tolist())
    return {"values": values, "averages": []}


def optimizers():
    sgd = {"kind": "sgd"}
    momentum = {"kind": "sgd", "momentum": 0.9}
    cases = [("keras", c) for c in (
        {"kind": "adam"}, {"kind": "adam", "ema": True}, {"kind": "adam", "clip_norm": 2.0},
        {"kind": "adam", "clip_value": 0.5}, {"kind": "adamw", "weight_decay": 0.1},
        {"kind": "adam", "weight_decay": 0.1}, sgd, momentum, {**momentum, "nesterov": True},
        {**momentum, "weight_decay": 0.1})]
    cases += [("torch", c) for c in (
        {"kind": "adam"}, {"kind": "adam", "clip_norm": 2.0}, {"kind": "adam", "weight_decay": 0.1},
        {"kind": "adamw", "weight_decay": 0.1}, sgd, momentum, {**momentum, "nesterov": True},
        {**momentum, "weight_decay": 0.1, "clip_value": 0.5, "clip_norm": 1.0})]
    run = {"keras": keras_optimizer, "torch": torch_optimizer}
    return {"start": START.tolist(), "gradients": GRADIENTS.tolist(), "rates": RATES,
            "cases": [{"form": form, **config, **run[form](config)} for form, config in cases]}


class Model:
    """As much of a Keras model as callbacks look at; its weights are the number of the epoch."""

    def __init__(self):
        self.optimizer = keras.optimizers.SGD(learning_rate=1.0)
        self.stop_training = False
        self.weights = 0

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights


def plateau(config, figures):
    model = Model()
    callback = keras.callbacks.ReduceLROnPlateau(
        monitor="value", factor=config["factor"], patience=config["patience"], mode=config["mode"],
        min_delta=config["min_delta"], cooldown=config["cooldown"], min_lr=config["min_rate"])
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, value in enumerate(figures):
        callback.on_epoch_end(epoch, {"value": value})
        rates.append(float(keras.ops.convert_to_numpy(model.optimizer.learning_rate)))
    return {**config, "figures": figures, "rates": rates}


def early_stopping(config, figures):
    model = Model()
    callback = keras.callbacks.EarlyStopping(
        monitor="value", patience=config["patience"], mode=config["mode"],
        min_delta=config["min_delta"], start_from_epoch=config["start_from_epoch"],
        restore_best_weights=True)
    callback.set_model(model)
    callback.on_train_begin()
    epochs = 0
    for epoch, value in enumerate(figures):
        model.weights = epochs = epoch + 1
        callback.on_epoch_end(epoch, {"value": value})
        if model.stop_training:
            break
    callback.on_train_end()
    return {**config, "figures": figures, "stopped_after": epochs, "restored": model.weights}


def callbacks():
    falling = [1.0, 0.9, 0.89995, 0.95, 0.91, 0.8, 0.85, 0.84, 0.83, 0.82, 0.81, 0.8, 0.79995, 0.9,
               0.9, 0.9, 0.7, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75]
    rising = [round(1 - x / 2, 6) for x in falling]
    base = {"factor": 0.5, "patience": 3, "mode": "min", "min_delta": 1e-4, "cooldown": 0,
            "min_rate": 0.0}
    stop = {"patience": 5, "mode": "min", "min_delta": 0.0, "start_from_epoch": 0}
    return {
        "plateau": [plateau(c, falling if c["mode"] == "min" else rising) for c in (
            base, {**base, "patience": 1}, {**base, "cooldown": 2}, {**base, "min_rate": 0.3},
            {**base, "mode": "max", "min_delta": 0.02}, {**base, "min_delta": 0.1})],
        "early_stopping": [early_stopping(c, f) for c, f in (
            (stop, falling), ({**stop, "patience": 3}, falling),
            ({**stop, "mode": "max", "patience": 15}, rising),
            ({**stop, "patience": 3, "min_delta": 0.02}, falling),
            ({**stop, "patience": 2, "start_from_epoch": 6}, falling),
            ({**stop, "patience": 30}, falling))]}


def rates_of(make, epochs, per_epoch, each_epoch=False):
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=0.5)
    scheduler = make(optimizer)
    rates = []
    for step in range(epochs * per_epoch):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step + 1 < epochs * per_epoch and (not each_epoch or (step + 1) % per_epoch == 0):
            scheduler.step()
    return rates


def schedules():
    lr = torch.optim.lr_scheduler
    epochs, per_epoch = 10, 7
    steps = epochs * per_epoch

    def warm(after):
        return lambda o: lr.SequentialLR(
            o, [lr.LinearLR(o, start_factor=0.1, total_iters=2 * per_epoch), after(o)],
            milestones=[2 * per_epoch])

    keras_restarts = keras.optimizers.schedules.CosineDecayRestarts(
        0.5, first_decay_steps=2 * per_epoch, t_mul=2.0, m_mul=1.0, alpha=0.02)
    cosine = {"kind": "cosine", "min": 0.01}
    cases = [
        ({**cosine}, rates_of(lambda o: lr.CosineAnnealingLR(o, steps, 0.01), epochs, per_epoch)),
        ({**cosine, "period": 2, "factor": 2}, rates_of(
            lambda o: lr.CosineAnnealingWarmRestarts(o, 2 * per_epoch, 2, 0.01), epochs, per_epoch)),
        ({**cosine, "period": 3, "factor": 1}, rates_of(
            lambda o: lr.CosineAnnealingWarmRestarts(o, 3 * per_epoch, 1, 0.01), epochs, per_epoch)),
        ({**cosine, "period": 2, "factor": 2},
         [float(keras_restarts(float(step))) for step in range(steps)]),
        ({**cosine, "warmup": 2}, rates_of(
            warm(lambda o: lr.CosineAnnealingLR(o, steps - 2 * per_epoch, 0.01)), epochs, per_epoch)),
        ({"kind": "step", "every": 3, "factor": 0.1},
         rates_of(lambda o: lr.StepLR(o, 3, 0.1), epochs, per_epoch, True)),
        ({"kind": "step", "at": [2, 7], "factor": 0.5},
         rates_of(lambda o: lr.MultiStepLR(o, [2, 7], 0.5), epochs, per_epoch, True)),
        ({"kind": "one-cycle", "anneal": "cosine"}, rates_of(
            lambda o: lr.OneCycleLR(o, 0.5, steps, anneal_strategy="cos"), epochs, per_epoch)),
        ({"kind": "one-cycle", "anneal": "linear", "rise": 0.25}, rates_of(
            lambda o: lr.OneCycleLR(o, 0.5, steps, pct_start=0.25, anneal_strategy="linear"),
            epochs, per_epoch)),
        ({"kind": "constant", "warmup": 2}, rates_of(
            lambda o: lr.LinearLR(o, start_factor=0.1, total_iters=2 * per_epoch), epochs, per_epoch)),
    ]
    return {"epochs": epochs, "steps_per_epoch": per_epoch, "rate": 0.5,
            "cases": [{**config, "rates": rates} for config, rates in cases]}


def losses():
    classes, batch = 8, 6
    logits = torch.tensor(random.normal(size=(batch, classes)) * 2)
    labels = torch.tensor(random.integers(0, classes, batch))
    second = labels[torch.tensor(random.permutation(batch))]
    weights = torch.tensor(random.uniform(0.5, 2, classes))

    def soft(target, smoothing):
        return F.one_hot(target, classes) * (1 - smoothing) + smoothing / classes

    def one(kind, smoothing, x, target):
        if kind == "cross-entropy":
            return F.cross_entropy(x, target, reduction="none", label_smoothing=smoothing)
        log_p = F.log_softmax(x, 1)
        return -(soft(target, smoothing) * (1 - log_p.exp()) ** 2 * log_p).sum(1)

    cases = []
    for kind in ("cross-entropy", "focal"):
        for smoothing in (0.0, 0.1):
            for share in (1.0, 0.7):
                x = logits.clone().requires_grad_()
                loss = share * one(kind, smoothing, x, labels) * weights[labels]
                loss = loss + (1 - share) * one(kind, smoothing, x, second) * weights[second]
                loss.sum().backward()
                cases.append({"kind": kind, "smoothing": smoothing, "share": share,
                              "losses": loss.tolist(), "gradients": x.grad.flatten().tolist()})
    focal = keras.losses.CategoricalFocalCrossentropy(
        alpha=1.0, gamma=2.0, from_logits=True, label_smoothing=0.1, reduction=None)
    in_keras = focal(F.one_hot(labels, classes).double(), logits)
    return {"classes": classes, "logits": logits.flatten().tolist(), "labels": labels.tolist(),
            "second_labels": second.tolist(), "weights": weights.tolist(), "cases": cases,
            "keras_focal": keras.ops.convert_to_numpy(in_keras).tolist()}


print(json.dumps({"written_by": {"torch": torch.__version__.split("+")[0],
                                 "keras": keras.__version__},
                  "optimizers": optimizers(), "callbacks": callbacks(), "schedules": schedules(),
                  "losses": losses()}, indent=None, separators=(",", ":")))
