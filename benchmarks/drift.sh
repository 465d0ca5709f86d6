#!/usr/bin/env bash
# Drift detectors: how many drifts each finds, the median of the examples until then, and its alarms per 10,000 examples without drift. Prints
# one table.
#
#   benchmarks/drift.sh [MODEL CLINC_SHIFT.jsonl.gz CLINC_BY_DOMAIN.jsonl.gz TWEETS.jsonl.gz]
#
# Without arguments on synthetic streams alone, in about a minute; else also on three real streams. MODEL is the directory of an encoder,
# which the trainer's learner trains on them, or "words": a linear model, which takes seconds but knows no tokens and no embeddings.
set -euo pipefail
arguments=()
for argument in "$@"; do
  case "$argument" in
    words) arguments+=(words) ;;
    *) arguments+=("$(realpath "$argument")") ;;
  esac
done
cd "$(dirname "$0")/.."

# The benchmark is one of the trainer's tests; ./millrace builds the rest, and runs it with the settings that a trainer has.
./millrace --version >&2
./mvnw -q -B test-compile -pl trainer -am -Dspotless.check.skip=true -Dcyclonedx.skip=true >&2
MILLRACE_CLASSPATH="$PWD/trainer/target/test-classes" MILLRACE_MAIN=io.millrace.trainer.benchmark.DriftBenchmark ./millrace "${arguments[@]}"
