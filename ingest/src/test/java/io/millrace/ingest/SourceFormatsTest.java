package io.millrace.ingest;

import static io.millrace.ingest.IngestFixture.NOW;
import static io.millrace.ingest.SourceFixtures.TICKETS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingest.decode.Framed;
import io.millrace.ingest.decode.RegistryAwayException;
import io.millrace.ingest.decode.RegistryConfig;
import io.millrace.ingest.decode.StubRegistry;
import io.millrace.ingest.source.SourceFormat;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.kafka.RejectionHeaders;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;

/** Topics in Avro and Protobuf, through the whole of ingest. */
class SourceFormatsTest {

    private static final Schema AVRO = new Schema.Parser()
            .parse(
                    """
            {"type":"record","name":"TicketCreated","fields":[
              {"name":"id","type":"long"},
              {"name":"ticket","type":["null",{"type":"record","name":"Ticket","fields":[
                {"name":"body","type":["null","string"]},
                {"name":"category","type":{"type":"enum","name":"Category","symbols":["book_flight","translate"]}}]}]},
              {"name":"created","type":{"type":"long","logicalType":"timestamp-millis"}},
              {"name":"shop","type":["null","string"]}]}""");

    private static final String PROTO =
            """
            syntax = "proto3";
            message TicketCreated {
              int64 id = 1;
              Ticket ticket = 2;
              message Ticket { string body = 1; Category category = 2; }
              enum Category { book_flight = 0; translate = 1; }
              string shop = 3;
            }""";

    @AutoClose
    private final StubRegistry registry = new StubRegistry();

    @Test
    void shouldReadAvroWithUnionsRecordsEnumsAndTimes() throws IOException {
        // Given
        registry.add(7, "AVRO", AVRO.toString());
        try (IngestFixture ingest = of(SourceFormat.AVRO, registry.config())) {
            // When
            ingest.sendTo(TICKETS, NOW, null, avro("book a flight", "north"));
            ingest.sendTo(TICKETS, NOW, null, avro(null, null));

            // Then
            assertThat(ingest.accepted()).singleElement().satisfies(record -> assertThat(
                            record.value().example())
                    .isEqualTo(new LabelledExample(
                            "4711", "book a flight", null, "book_flight", NOW, null, Map.of("shop", "north"))));
            assertThat(ingest.rejected()).singleElement().satisfies(record -> assertThat(
                            IngestFixture.header(record, RejectionHeaders.MESSAGE))
                    .isEqualTo("text: expected a string at /ticket/body, got null (source source-1)"));
        }
    }

    @Test
    void shouldReadProtobuf() throws IOException {
        // Given
        registry.add(9, "PROTOBUF", PROTO);
        try (IngestFixture ingest = of(SourceFormat.PROTOBUF, registry.config())) {
            // When
            byte[] message = HexFormat.of().parseHex("08e724" + "1206" + "0a026869" + "1001" + "1a05" + "6e6f727468");
            ingest.sendTo(TICKETS, NOW, null, Framed.value(9, new byte[] {0}, message));

            // Then
            assertThat(ingest.accepted()).singleElement().satisfies(record -> assertThat(
                            record.value().example())
                    .isEqualTo(
                            new LabelledExample("4711", "hi", null, "translate", null, null, Map.of("shop", "north"))));
        }
    }

    @Test
    void shouldRejectWhatHasNoSchemaOrDoesNotFitIt() throws IOException {
        // Given
        registry.add(7, "AVRO", AVRO.toString());
        registry.add(8, "PROTOBUF", PROTO);
        registry.add(9, "AVRO", "{\"type\":\"recrod\"}");
        try (IngestFixture ingest = of(SourceFormat.AVRO, registry.config())) {
            // When
            for (int id : new int[] {404, 8, 9, 7}) {
                ingest.sendTo(TICKETS, NOW, null, Framed.value(id, new byte[] {1}));
            }

            // Then
            assertThat(ingest.reasons())
                    .containsExactly("unknown-schema", "unknown-schema", "unknown-schema", "undecodable");
        }
    }

    @Test
    void shouldRejectNothingForARegistryThatIsAway() throws IOException {
        // Given
        RegistryConfig gone = new RegistryConfig(registry.config().url(), null, Duration.ofMillis(100));
        registry.close();
        try (IngestFixture ingest = of(SourceFormat.AVRO, gone)) {
            // When
            assertThatThrownBy(() -> ingest.sendTo(TICKETS, NOW, null, avro("book a flight", null)))
                    // Then
                    .hasRootCauseInstanceOf(RegistryAwayException.class)
                    .hasStackTraceContaining("a restart reads the same records again");
            assertThat(ingest.count(IngestMetrics.RECEIVED)).isZero();
            assertThat(ingest.rejected()).isEmpty();
        }
    }

    private static IngestFixture of(SourceFormat format, RegistryConfig registry) {
        return new IngestFixture(SourceFixtures.sources(registry, SourceFixtures.tickets(format)));
    }

    private static byte[] avro(String body, String shop) throws IOException {
        Schema inner = AVRO.getField("ticket").schema().getTypes().get(1);
        GenericData.Record ticket = new GenericData.Record(inner);
        ticket.put("body", body);
        ticket.put(
                "category",
                new GenericData.EnumSymbol(inner.getField("category").schema(), "book_flight"));
        GenericData.Record record = new GenericData.Record(AVRO);
        record.put("id", 4711L);
        record.put("ticket", ticket);
        record.put("created", NOW.toEpochMilli());
        record.put("shop", shop);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<>(AVRO).write(record, encoder);
        encoder.flush();
        return Framed.value(7, bytes.toByteArray());
    }
}
