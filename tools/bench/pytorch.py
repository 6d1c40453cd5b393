#!/usr/bin/python3
"""Training steps and gradients by PyTorch on one thread, beside this engine's in turns.

Usage: tools/bench/pytorch.py PROGRAM [TURNS]
PROGRAM is the bench program. Needs PyTorch (Debian: python3-torch).
"""
import json
import statistics
import subprocess
import sys
import time

import torch

STEPS = [([2, 16, 16, 1], 64), ([64, 64, 32, 10], 32), ([784, 128, 10], 64)]
GRADIENTS = [1, 32, 512]


def network(sizes, dtype):
    layers = []
    for i in range(len(sizes) - 1):
        layers.append(torch.nn.Linear(sizes[i], sizes[i + 1], dtype=dtype))
        if i + 2 < len(sizes):
            layers.append(torch.nn.Tanh())
    return torch.nn.Sequential(*layers)


def job(sizes, rows, dtype, train):
    net = network(sizes, dtype)
    x = torch.rand(rows, sizes[0], dtype=dtype) * 2 - 1
    if sizes[-1] > 1:
        target = torch.arange(rows) % sizes[-1]
        loss = torch.nn.CrossEntropyLoss()
    else:
        target = (torch.arange(rows) % 2 == 0).to(dtype).reshape(rows, 1)
        loss = torch.nn.MSELoss()
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)

    def run():
        adam.zero_grad()
        loss(net(x), target).backward()
        if train:
            adam.step()

    return run


def seconds(run):
    times = 1
    while True:
        start = time.perf_counter()
        for _ in range(times):
            run()
        took = time.perf_counter() - start
        if took > 0.03:
            return took / times
        times *= 2


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    program, turns = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    torch.set_num_threads(1)
    jobs = {}
    for dtype, name in ((torch.float64, "float64"), (torch.float32, "float32")):
        for sizes, rows in STEPS:
            key = ("step", "-".join(map(str, sizes)), rows)
            jobs[key + (name,)] = job(sizes, rows, dtype, True)
        for rows in GRADIENTS:
            jobs[("gradient", "64-64-32-10", rows, name)] = job([64, 64, 32, 10], rows, dtype, False)
    times = {key: [] for key in jobs}
    ours = {}
    for _ in range(turns):
        for key, run in jobs.items():
            times[key].append(seconds(run))
        for option in ("--training", "--replay"):
            command = [program, option, "--repetitions", "3", "--json", "-"]
            result = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            for step in result["training"]:
                key = ("step", step["network"], step["rows"])
                ours.setdefault(key, []).append(step["seconds"])
            for replay in result["replays"]:
                if replay["workload"] != "W3":
                    continue
                for each in replay["results"]:
                    if each["name"] == "replay":
                        ours.setdefault(("gradient", "64-64-32-10", replay["rows"]), []).append(
                            each["seconds"])
    print(f"PyTorch {torch.__version__}, one thread; medians of {turns} turns; microseconds")
    print(f"{'':10}{'network':14}{'rows':>5}{'here':>10}{'float64':>10}{'float32':>10}   times as fast")
    for key in ours:
        if key + ("float64",) not in times:
            continue
        here = statistics.median(ours[key])
        double, single = (statistics.median(times[key + (d,)]) for d in ("float64", "float32"))
        print(f"{key[0]:10}{key[1]:14}{key[2]:5}{here * 1e6:10.1f}{double * 1e6:10.1f}"
              f"{single * 1e6:10.1f}   {double / here:.1f}, {single / here:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
