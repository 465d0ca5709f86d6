/**
 * From {@code examples} to {@code accepted-examples} and {@code rejected-examples}: one Kafka Streams application that
 * validates, normalises, keeps probes out and drops repeats. The whole path is in {@link
 * io.millrace.ingest.IngestTopology}; its guarantees are in {@code docs/ingest.md}.
 */
@NullMarked
package io.millrace.ingest;

import org.jspecify.annotations.NullMarked;
