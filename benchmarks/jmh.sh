#!/usr/bin/env bash
# Measures small pieces with JMH: validating an example, hashing it, tokenizing and packing a mini-batch, writing weights. JMH prints its
# table at the end.
#
#   benchmarks/jmh.sh [OPTIONS OF JMH]
#
# Takes about three minutes. Its dependencies are fetched the first time; nothing else of the build needs them.
set -euo pipefail
cd "$(dirname "$0")/.."

./millrace --version >&2
./mvnw -q -B package -Pjmh -pl app -am -Dmaven.test.skip=true -Dspotless.check.skip=true -Dcyclonedx.skip=true >&2

# JMH gives its processes the options of this one.
export MILLRACE_JAVA_OPTS="-Dmillrace.encoder=$PWD/app/src/main/resources/io/millrace/app/demo/encoder"
MILLRACE_CLASSPATH="$PWD/app/target/jmh-classes:$PWD/app/target/jmh/*" MILLRACE_MAIN=org.openjdk.jmh.Main ./millrace \
  -f 1 -wi 3 -w 2 -i 5 -r 2 "$@"
