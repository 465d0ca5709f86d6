#!/usr/bin/env bash
# Runs in the container "demo" of docker-compose.yml: loads the shipped probe sets and sends the shipped stream, at a pace that one can
# follow on the dashboard.
#
#   MILLRACE_DEMO_RATE   examples per second and task
#   MILLRACE_DEMO_TASKS  the tasks to send them to; without it, intent
set -euo pipefail

millrace() {
  /opt/millrace/millrace "$@" --config /etc/millrace/millrace.yaml
}

read -ra tasks <<<"${MILLRACE_DEMO_TASKS:-intent}"
for task in "${tasks[@]}"; do
  millrace probes load --task "$task" --set known --distribution in /opt/millrace/demo/clinc-shift-known.jsonl.gz
  millrace probes load --task "$task" --set typos --distribution out /opt/millrace/demo/clinc-shift-typos.jsonl.gz
  millrace probes load --task "$task" --set new --distribution out /opt/millrace/demo/clinc-shift-new.jsonl.gz
done

senders=()
# The first process of a container gets no signal that it does not ask for.
trap 'kill "${senders[@]}"; exit' TERM
for task in "${tasks[@]}"; do
  millrace produce --task "$task" --rate "${MILLRACE_DEMO_RATE:-25}" /opt/millrace/demo/clinc-shift-stream.jsonl.gz &
  senders+=($!)
done
for sender in "${senders[@]}"; do
  wait "$sender"
done
