#!/usr/bin/env bash
# Speed of scoring a checkpoint on a probe set, in f32 and bf16. Prints one table: examples a second on the first checkpoint, whose
# probes are tokenized, and on each later one; then the milliseconds of each part.
#
#   benchmarks/evaluation.sh ENCODER_DIR PROBES.jsonl.gz [REPEATS]
#
#   PEER     a command that is given --model DIR --probes FILE --max-length 64 --repeats N --threads T [--bf16] and prints one JSON
#            object as ours; its rows stand beside ours. benchmarks/peer_evaluation.py is one
#   THREADS  compute threads, default 2
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,9p' "$0" >&2; exit 2; }
encoder=$(realpath "$1"); probes=$(realpath "$2"); repeats=${3:-7}; threads=${THREADS:-2}
cd "$(dirname "$0")/.."

# The benchmark is one of the evaluator's tests; ./millrace builds the rest, and runs it with the settings that an evaluator has.
./millrace --version >&2
./mvnw -q -B test-compile -pl evaluator -am -Dspotless.check.skip=true -Dcyclonedx.skip=true >&2
export MILLRACE_CLASSPATH="$PWD/evaluator/target/test-classes" MILLRACE_MAIN=io.millrace.evaluator.score.EvaluationBenchmark
log=$(mktemp) model=$(mktemp -d)
trap 'rm -rf "$log" "$model"' EXIT

field() { sed -n "s/.*\"$1\": *\([0-9.]*\).*/\1/p" <<<"$2"; }
row() { printf '%-5s %-6s %10s %10s %8s %8s %8s %8s %9s\n' "$@"; }
result_row() {
  row "$1" "$2" "$(field firstExamplesPerSecond "$3")" "$(field laterExamplesPerSecond "$3")" "$(field loadMs "$3")" \
    "$(field tokenizeMs "$3")" "$(field forwardMs "$3")" "$(field scoreMs "$3")" "$(field accuracy "$3")"
}

row type who first/s later/s load tokens forward scores accuracy
for precision in f32 bf16; do
  mkdir "$model/$precision"
  result=$(./millrace "$encoder" "$probes" "$precision" "$repeats" "$threads" "$model/$precision" 2>"$log") || { cat "$log" >&2; exit 1; }
  result_row "$precision" ours "$result"
  if [ -n "${PEER:-}" ]; then
    bf16=(); [ "$precision" = f32 ] || bf16=(--bf16)
    result=$($PEER --model "$model/$precision" --probes "$probes" --max-length 64 --repeats "$repeats" --threads "$threads" "${bf16[@]}" 2>"$log") ||
      { cat "$log" >&2; exit 1; }
    result_row "$precision" peer "$result"
  fi
done
