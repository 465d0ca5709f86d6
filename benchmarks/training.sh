#!/usr/bin/env bash
# Speed of a training step: every method in f32 and bf16 over the same stream, batch and length. Prints one table.
#
#   benchmarks/training.sh ENCODER_DIR STREAM.jsonl.gz [STEPS]
#
#   PEER     a command that is given the same arguments as --encoder DIR --stream FILE --method M --batch 32 --max-length 64 --steps N
#            --threads T [--bf16] and prints one JSON object with examplesPerSecond, stepMsMedian and peakRssMiB; its rows stand beside ours
#   THREADS  compute threads, default 2
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,8p' "$0" >&2; exit 2; }
encoder=$(realpath "$1"); stream=$(realpath "$2"); steps=${3:-120}; threads=${THREADS:-2}
cd "$(dirname "$0")/.."

# The benchmark is one of the trainer's tests; ./millrace builds the rest, and runs it with the settings that a trainer has.
./millrace --version >&2
./mvnw -q -B test-compile -pl trainer -am -Dspotless.check.skip=true -Dcyclonedx.skip=true >&2
export MILLRACE_CLASSPATH="$PWD/trainer/target/test-classes" MILLRACE_MAIN=io.millrace.trainer.benchmark.TrainingBenchmark
log=$(mktemp)
trap 'rm -f "$log"' EXIT

field() { sed -n "s/.*\"$1\": *\([0-9.]*\).*/\1/p" <<<"$2"; }
row() { printf '%-18s %-5s %-6s %10s %12s %12s\n' "$@"; }

row method type who examples/s 'step ms' 'peak MiB'
for method in plain mask-tuning smart mask-tuning+smart; do
  for precision in f32 bf16; do
    result=$(./millrace "$encoder" "$stream" "$method" "$precision" 32 64 "$steps" "$threads" 2>"$log") || { cat "$log" >&2; exit 1; }
    row "$method" "$precision" ours "$(field examplesPerSecond "$result")" "$(printf '%.1f' "$(field stepMsMedian "$result")")" "$(field peakRssMiB "$result")"
    if [ -n "${PEER:-}" ] && [ "$method" != mask-tuning+smart ]; then
      bf16=(); [ "$precision" = f32 ] || bf16=(--bf16)
      result=$($PEER --encoder "$encoder" --stream "$stream" --method "$method" --batch 32 --max-length 64 --steps "$steps" \
        --threads "$threads" --lr 6e-4 "${bf16[@]}" 2>"$log") || { cat "$log" >&2; exit 1; }
      row "$method" "$precision" peer "$(field examplesPerSecond "$result")" "$(printf '%.1f' "$(field stepMsMedian "$result")")" "$(field peakRssMiB "$result")"
    fi
  done
done
