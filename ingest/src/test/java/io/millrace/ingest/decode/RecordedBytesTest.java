package io.millrace.ingest.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.decode.StubRegistry.Reference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.util.Base64;

/** Values that the serializers of Apicurio 3.1.7 have written, and what Apicurio Registry 3.0.9 says of their schemas. */
class RecordedBytesTest {

    private static final String AVRO =
            "AAAAAAPOSShwbGVhc2UgYm9vayBhIGZsaWdodAIABAx1cmdlbnQGdmlwAPb55L6CZwQE4gIKbm9ydGgCCGxhbmcEZW4A";

    private static final String PROTOBUF = "AAAAAAQLCglUaW1lc3RhbXAIwN33ywYQBQ==";

    @AutoClose
    private final StubRegistry server = new StubRegistry();

    @AutoClose
    private final SchemaRegistry registry = new SchemaRegistry(server.config(), null);

    /** Apicurio makes a schema of its own of each record and enum within a record. */
    @Test
    void shouldReadAvro() throws Exception {
        // Given
        server.add(
                3,
                "AVRO",
                """
                {"type":"record","name":"TicketCreated","namespace":"acme","fields":[{"name":"id","type":"long"},\
                {"name":"ticket","type":"Ticket"},{"name":"created","type":{"type":"long","logicalType":"timestamp-millis"}},\
                {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},\
                {"name":"shop","type":["null","string"],"default":null},{"name":"tags","type":{"type":"map","values":"string"}}]}""",
                new Reference("acme.Ticket", "acme.Ticket", 1));
        server.addVersion(
                "acme.Ticket",
                1,
                """
                {"type":"record","name":"Ticket","namespace":"acme","fields":[{"name":"body","type":"string"},\
                {"name":"category","type":["null","Category"],"default":null},\
                {"name":"notes","type":{"type":"array","items":"string"}}]}""",
                new Reference("acme.Category", "acme.Category", 1));
        server.addVersion(
                "acme.Category",
                1,
                """
                {"type":"enum","name":"Category","namespace":"acme","symbols":["book_flight","translate"]}""");

        // Then
        assertThat(ValueDecoder.avro(registry).decode(Base64.getDecoder().decode(AVRO)))
                .hasToString("{\"id\":4711,\"ticket\":{\"body\":\"please book a flight\",\"category\":\"book_flight\","
                        + "\"notes\":[\"urgent\",\"vip\"]},\"created\":\"2026-01-31T12:00:00.123Z\",\"price\":12.50,"
                        + "\"shop\":\"north\",\"tags\":{\"lang\":\"en\"}}");
    }

    /** Apicurio names the type where Confluent gives its indexes. */
    @Test
    void shouldReadProtobuf() throws Exception {
        // Given
        server.add(
                4,
                "PROTOBUF",
                """
                // Proto schema formatted by Wire, do not edit.
                // Source:\s

                syntax = "proto3";

                package google.protobuf;

                option java_package = "com.google.protobuf";
                option cc_enable_arenas = true;
                option objc_class_prefix = "GPB";

                message Timestamp {
                  int64 seconds = 1;

                  int32 nanos = 2;
                }
                """);

        // Then
        assertThat(ValueDecoder.protobuf(registry).decode(Base64.getDecoder().decode(PROTOBUF)))
                .hasToString("\"2026-01-31T12:00:00.000000005Z\"");
    }
}
