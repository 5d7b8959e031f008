"""PyTorch's side: reads 'tune JOB ROUNDS SECONDS' and 'run JOB' lines, answers each with a line of JSON, its own times in milliseconds.

    torch_peer.py TASK_FOLDER THREADS
"""
import json
import statistics
import sys
import time

import torch

import skip2
import whole_network
from task import Task

ROUNDS = 5
JOBS = {
    "skip2": skip2.skip2_sgd,
    "skip2_adam": skip2.skip2_adam,
    "lora_all": lambda task: whole_network.lora_all(task, whole_network.plain_loss),
    "lora_all_merged": lambda task: whole_network.lora_all(task, whole_network.merged_loss),
    "ft_all": whole_network.ft_all,
}


def timed(work):
    start = time.perf_counter()
    result = work()
    return 1000 * (time.perf_counter() - start), result


def tune(job, rounds, seconds):
    """Times every variant and keeps the fastest; variants take turns, as far as the seconds for a stage allow."""
    times = {}
    for variants, use in job.candidates():
        stage = {name: [] for name in variants}
        end = time.perf_counter() + seconds
        # TorchScript looks at its first runs before it optimizes: they do not count unless there are no others.
        for turn in range(job.warm_up + max(1, rounds // job.cost)):
            for name, work in variants.items():
                if time.perf_counter() > end and any(stage.values()):
                    break
                job.start()
                if turn == job.warm_up:
                    stage[name].clear()
                stage[name].append(timed(work)[0])
        stage = {name: statistics.median(values) for name, values in stage.items() if values}
        use(min(stage, key=stage.get))
        times.update(stage)
    return {"variant": job.variant, "variants": times}


def run(job):
    job.start()
    milliseconds, result = timed(job.run)
    return {"ms": milliseconds, "accuracy": job.accuracy(result)}


def main():
    threads = int(sys.argv[2])
    torch.set_num_threads(threads)
    task = Task(sys.argv[1])
    # Made here, outside of inference mode: autograd reads them too.
    _ = task.x, task.y, task.test_x, task.test_y, task.orders, task.skip_down, task.lora_down
    made = {}

    def job(name):
        if name not in made:
            made[name] = JOBS[name](task)
        return made[name]

    print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        words = line.split()
        try:
            chosen = job(words[1])
            with torch.inference_mode(not chosen.needs_autograd):
                answer = tune(chosen, int(words[2]), float(words[3])) if words[0] == "tune" else run(chosen)
        except Exception as error:  # the other side prints it and goes on
            answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(answer), flush=True)


main()
