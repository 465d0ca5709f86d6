#!/usr/bin/env bash
# Runs in the container "topics" of docker-compose.scale.yml: creates the topics whose partitions divide the work among the containers
# of a service. Ingest creates the others. docs/operations.md lists what each topic must keep.
#
#   MILLRACE_PARTITIONS  partitions of each
set -euo pipefail

create() {
  local topic=$1 setting settings=()
  shift
  for setting in "$@"; do
    settings+=(--config "$setting")
  done
  /opt/kafka/bin/kafka-topics.sh --bootstrap-server "${MILLRACE_BROKER:-kafka:19092}" --create --if-not-exists \
    --topic "$topic" --partitions "${MILLRACE_PARTITIONS:-12}" "${settings[@]}"
}

create examples cleanup.policy=delete retention.ms=604800000 retention.bytes=-1 max.message.bytes=16777216
create accepted-examples cleanup.policy=delete retention.ms=604800000 retention.bytes=-1 max.message.bytes=1048576
create texts cleanup.policy=delete retention.ms=604800000 retention.bytes=-1 max.message.bytes=1048576
create checkpoints cleanup.policy=delete retention.ms=-1 retention.bytes=-1 max.message.bytes=1048576
