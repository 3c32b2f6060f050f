#!/usr/bin/env python3
"""Trains a reference network with Keras (TensorFlow) on made-up features and prints the samples per second of its best
epoch.

  keras_peer.py NETWORK [--threads N] [--epochs N] [--steps N]"""

import argparse
import json
import os
import time

from networks import BATCH, CLASSES, NETWORKS, steps


def build(keras, network):
    layers, two = keras.layers, network["dims"] == 2
    l2 = keras.regularizers.L2(network["l2"]) if network["l2"] else None
    frames, rows = network["frames"], network["rows"]
    x = inputs = keras.Input((frames, rows, 1) if two else (frames, rows))
    conv, pool = (layers.Conv2D, layers.MaxPooling2D) if two else (layers.Conv1D, layers.MaxPooling1D)
    for block in network["blocks"]:
        x = conv(block["filters"], block["kernel"], padding=block["padding"], activation="relu", kernel_regularizer=l2)(x)
        made = {"pool": lambda: pool(2), "norm": layers.BatchNormalization,
                "dropout": lambda: layers.Dropout(block["dropout"])}
        for step in block["order"]:
            x = made[step]()(x)
    length, features = steps(network)
    if two:
        x = layers.Reshape((length, features))(x)
    dropout = network["recurrent_dropout"]
    x = layers.Bidirectional(layers.LSTM(network["hidden"], return_sequences=True, dropout=dropout,
                                         recurrent_dropout=dropout))(x)

    class Attention(layers.Layer):
        def build(self, shape):
            self.w = self.add_weight(shape=(shape[-1], 1), initializer="glorot_uniform", name="w")
            self.b = self.add_weight(shape=(shape[1], 1), initializer="zeros", name="b")

        def call(self, hidden):
            scores = keras.ops.tanh(keras.ops.matmul(hidden, self.w) + self.b)
            return keras.ops.sum(hidden * keras.ops.softmax(scores, axis=1), axis=1)

    x = Attention()(x)
    if network["dense"]:
        x = layers.Dense(network["dense"], activation="relu", kernel_regularizer=l2)(x)
    if network["head_dropout"]:
        x = layers.Dropout(network["head_dropout"])(x)
    model = keras.Model(inputs, layers.Dense(CLASSES, activation="softmax")(x))
    model.compile(optimizer=keras.optimizers.Adam(1e-3),
                  loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1))
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", choices=sorted(NETWORKS))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=4, help="the first one, which compiles, does not count")
    parser.add_argument("--steps", type=int, default=24, help="of an epoch")
    arguments = parser.parse_args()
    os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
    import keras
    import numpy
    import tensorflow
    tensorflow.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(arguments.threads)
    network = NETWORKS[arguments.network]
    model = build(keras, network)
    random = numpy.random.default_rng(1)
    count = arguments.steps * BATCH
    shape = (count, network["frames"], network["rows"]) + ((1,) if network["dims"] == 2 else ())
    features = random.standard_normal(shape, dtype=numpy.float32)
    labels = keras.utils.to_categorical(random.integers(CLASSES, size=count), CLASSES)
    rates, marks = [], [0.0, 0.0]

    class Clock(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            marks[:] = time.perf_counter(), time.process_time()

        def on_epoch_end(self, epoch, logs=None):
            rates.append((count / (time.perf_counter() - marks[0]), count / (time.process_time() - marks[1])))

    model.fit(features, labels, batch_size=BATCH, epochs=arguments.epochs, verbose=0, callbacks=[Clock()],
              class_weight={k: 0.8 + 0.1 * k for k in range(CLASSES)})
    best = max(rates[1:])
    print(json.dumps({"samples_per_second": best[0], "samples_per_cpu_second": best[1],
                      "parameters": model.count_params()}))


if __name__ == "__main__":
    main()
