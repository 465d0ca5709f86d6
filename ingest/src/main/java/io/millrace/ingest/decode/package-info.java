/** Bytes of foreign topics become JSON values: plain JSON, and Avro, Protobuf and JSON with a schema id in front. */
@NullMarked
package io.millrace.ingest.decode;

import org.jspecify.annotations.NullMarked;
