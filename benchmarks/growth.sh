#!/usr/bin/env bash
# What a long history costs: opening tasks, the first verdict of an evaluator that starts, lineage check, and the memory of an open task.
# Prints one table, in seconds and MiB.
#
#   benchmarks/growth.sh [TASKS] [ANNOUNCEMENTS] [OPENED]
#
# The defaults are 200 tasks with 100,000 announcements in all, of which a trainer opens 20. Takes about 1 GB in the folder for temporary files.
set -euo pipefail
cd "$(dirname "$0")/.."

# The benchmark is one of the tests; ./millrace builds the rest, and runs it with the settings that the services have.
./millrace --version >&2
./mvnw -q -B test-compile -pl app -am -Dspotless.check.skip=true -Dcyclonedx.skip=true >&2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

MILLRACE_CLASSPATH="$PWD/app/target/test-classes" MILLRACE_MAIN=io.millrace.app.benchmark.GrowthBenchmark ./millrace \
  "${1:-200}" "${2:-100000}" "${3:-20}" "$folder" encoder/src/test/resources/goldens/bert app/src/main/resources/io/millrace/app/demo/encoder
