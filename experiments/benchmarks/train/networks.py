"""The three reference networks as (frames, rows) and blocks; torch_peer.py and keras_peer.py build them from here.
A block is (filters, kernel, padding, pool, norm, dropout, order); order says what follows the convolution."""

CLASSES = 8
BATCH = 32

NETWORKS = {
    "mel128": {"frames": 128, "rows": 128, "dims": 2, "hidden": 32, "dense": 0, "head_dropout": 0.4,
               "recurrent_dropout": 0.0, "l2": 0.0,
               "blocks": [{"filters": n, "kernel": 3, "padding": "same", "order": ["pool", "norm", "dropout"],
                           "dropout": 0.3} for n in (32, 64, 128)]},
    "mfcc121": {"frames": 248, "rows": 121, "dims": 1, "hidden": 64, "dense": 64, "head_dropout": 0.0,
                "recurrent_dropout": 0.0, "l2": 0.0,
                "blocks": [{"filters": 128, "kernel": 5, "padding": "valid", "order": ["norm"], "dropout": 0.0},
                           {"filters": 128, "kernel": 5, "padding": "valid", "order": ["pool", "dropout"],
                            "dropout": 0.3}]},
    "stack187": {"frames": 130, "rows": 187, "dims": 1, "hidden": 64, "dense": 64, "head_dropout": 0.5,
                 "recurrent_dropout": 0.3, "l2": 1e-3,
                 "blocks": [{"filters": 128, "kernel": 5, "padding": "same", "order": ["norm", "dropout", "pool"],
                             "dropout": 0.3}]},
}
# stack187 without the dropout inside its LSTM, which cuDNN and oneDNN do not have.
NETWORKS["stack187-plain"] = NETWORKS["stack187"] | {"recurrent_dropout": 0.0}


def steps(network):
    """Time steps that reach the LSTM, and features of each."""
    frames, rows = network["frames"], network["rows"]
    for block in network["blocks"]:
        if block["padding"] == "valid":
            frames -= block["kernel"] - 1
        if "pool" in block["order"]:
            frames //= 2
            rows //= 2
    return frames, rows * block["filters"] if network["dims"] == 2 else block["filters"]
