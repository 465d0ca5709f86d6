/**
 * From {@code examples} to {@code accepted-examples} and {@code rejected-examples}: one Kafka Streams application that
 * validates, normalises, keeps probes out and drops repeats. The whole path stands in {@link
 * io.millrace.ingest.IngestTopology}; what it promises stands in {@code docs/ingest.md}.
 */
@NullMarked
package io.millrace.ingest;

import org.jspecify.annotations.NullMarked;
