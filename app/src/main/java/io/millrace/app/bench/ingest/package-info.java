/** Measures ingest, beside a Kafka Streams application that only passes records on; both in processes of their own. */
@NullMarked
package io.millrace.app.bench.ingest;

import org.jspecify.annotations.NullMarked;
