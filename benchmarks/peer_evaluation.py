#!/usr/bin/env python3
"""The peer of benchmarks/evaluation.sh: a careful Hugging Face loop that scores a classifier on a probe set.

Texts are sorted by length and padded to the longest of their batch; weights are loaded anew in every repeat, as for a new checkpoint.
Needs torch, transformers and tokenizers. Prints one JSON object; all times are medians over the repeats in milliseconds.
"""
import argparse
import gzip
import json
import statistics
import time

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForSequenceClassification


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--probes", required=True)
    parser.add_argument("--max-length", type=int, default=64)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    with gzip.open(arguments.probes, "rt") as lines:
        probes = [json.loads(line) for line in lines]
    times = {"load": [], "tokenize": [], "forward": [], "score": []}
    for _ in range(arguments.repeats):
        accuracy = repeat(arguments, probes, times)
    medians = {part: statistics.median(values) for part, values in times.items()}
    later = medians["forward"] + medians["score"]
    report = {"examples": len(probes), "accuracy": accuracy}
    report.update({part + "Ms": round(value) for part, value in medians.items()})
    report["firstExamplesPerSecond"] = round(1e3 * len(probes) / (later + medians["tokenize"]))
    report["laterExamplesPerSecond"] = round(1e3 * len(probes) / later)
    print(json.dumps(report))


def repeat(arguments, probes, times):
    def lap(part):
        nonlocal start
        now = time.perf_counter()
        times[part].append(1e3 * (now - start))
        start = now

    start = time.perf_counter()
    model = AutoModelForSequenceClassification.from_pretrained(arguments.model).eval()
    tokenizer = Tokenizer.from_file(arguments.model + "/tokenizer.json")
    tokenizer.enable_truncation(arguments.max_length)
    lap("load")
    encodings = tokenizer.encode_batch([(p["text"], p["textPair"]) if p.get("textPair") else p["text"] for p in probes])
    lap("tokenize")
    order = sorted(range(len(probes)), key=lambda i: len(encodings[i].ids))
    answers = [0] * len(probes)
    typed = "distilbert" not in model.config.model_type and model.config.type_vocab_size > 1
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=arguments.bf16):
        for first in range(0, len(order), arguments.batch):
            part = [encodings[i] for i in order[first : first + arguments.batch]]
            longest = max(len(encoding.ids) for encoding in part)

            def padded(rows, fill):
                return torch.tensor([list(row) + [fill] * (longest - len(row)) for row in rows])

            inputs = {
                "input_ids": padded((e.ids for e in part), model.config.pad_token_id or 0),
                "attention_mask": padded((e.attention_mask for e in part), 0),
            }
            if typed:
                inputs["token_type_ids"] = padded((e.type_ids for e in part), 0)
            for i, answer in zip(order[first : first + arguments.batch], model(**inputs).logits.argmax(-1).tolist()):
                answers[i] = answer
    lap("forward")
    names = model.config.id2label
    right = sum(names[answer] == probe["label"] for answer, probe in zip(answers, probes))
    lap("score")
    return right / len(probes)


if __name__ == "__main__":
    main()
