#!/usr/bin/env python3
"""The learning curves of a finished sweep as one small JSON file: the metric after each epoch, whether the weights were
the best so far, and the seconds of an epoch.

  record_curves.py SWEEP OUT.json"""

import json
import pathlib
import statistics
import sys


def main():
    sweep, out = map(pathlib.Path, sys.argv[1:])
    results = json.loads((sweep / "results.json").read_text())
    if not results["complete"]:
        sys.exit(f"{sweep}: not complete; 'parlando sweep run --out {sweep}' goes on")
    metric = results["metric"]
    curves = []
    for trial in results["trials"]:
        lines = [json.loads(line) for line in (sweep / trial["run"] / "metrics.jsonl").read_text().splitlines()]
        curves.append({"values": [round(line[metric], 5) for line in lines],
                       "kept": [int(line["best"]) for line in lines],
                       "seconds": round(statistics.median(line["seconds"] for line in lines), 3)})
    head = {"sweep": results["sweep"], "metric": metric, "larger_is_better": results["larger_is_better"],
            "epochs": results["rungs"][-1]}
    rows = ",\n".join(json.dumps(curve) for curve in curves)
    out.write_text(json.dumps(head)[:-1] + ', "curves": [\n' + rows + "\n]}\n")


if __name__ == "__main__":
    main()
