package io.millrace.ingest;

import static io.millrace.ingest.IngestFixture.NOW;
import static io.millrace.ingest.SourceFixtures.TICKETS;
import static io.millrace.ingest.Tasks.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.source.SourceConfig;
import io.millrace.ingest.source.SourceFields;
import io.millrace.ingest.source.SourceFormat;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Origin;
import io.millrace.schemas.kafka.RejectionHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Topics of others in JSON, through the whole of ingest. */
class SourceTopologyTest {

    private static final String TICKET =
            "{\"id\":4711,\"ticket\":{\"body\":\" book\\ta flight \",\"category\":\"book_flight\"},"
                    + "\"created\":\"2026-01-31T13:00:00+01:00\",\"shop\":\"north\",\"unknown\":[{}]}";

    @Test
    void shouldMapARecordOntoAnExample() throws IOException {
        try (IngestFixture ingest = of(SourceFixtures.tickets(SourceFormat.JSON))) {
            // When
            ingest.sendTo(TICKETS, NOW, bytes("whatever"), bytes(TICKET));

            // Then
            LabelledExample example = new LabelledExample(
                    "4711", "book a flight", null, "book_flight", NOW, null, Map.of("shop", "north"));
            assertThat(ingest.accepted()).singleElement().satisfies(record -> {
                assertThat(record.key()).isEqualTo("intent");
                assertThat(record.value())
                        .isEqualTo(new AcceptedExample(example, new Origin(TICKETS, 0, 0, NOW.toEpochMilli())));
            });
        }
    }

    @Test
    void shouldReadJsonBehindASchemaId() throws IOException {
        try (IngestFixture ingest = of(SourceFixtures.tickets(SourceFormat.JSON_SCHEMA))) {
            // When
            ingest.sendTo(TICKETS, NOW, null, bytes("\0\0\0\0\7" + TICKET));
            ingest.sendTo(TICKETS, NOW, null, bytes(TICKET));
            ingest.sendTo(TICKETS, NOW, null, bytes("\0\0"));

            // Then
            assertThat(ingest.acceptedIds()).containsExactly("4711");
            assertThat(ingest.reasons()).containsExactly("undecodable", "undecodable");
        }
    }

    /** Pointer to the task, key of the record, value of the field, and the task. */
    @ParameterizedTest
    @CsvSource({", intent, , intent", "/kind, other, intent, intent", ", stars, , stars"})
    void shouldFindTheTaskOfARecord(String pointer, String key, String field, String task) throws IOException {
        try (IngestFixture ingest =
                of(SourceFixtures.tickets(new SourceFields(pointer, "key", "/text", null, "/label", null)))) {
            // When
            String label = task.equals("stars") ? "4" : "\"translate\"";
            ingest.sendTo(
                    TICKETS,
                    NOW,
                    bytes(key),
                    bytes("{\"kind\":\"" + field + "\",\"text\":\"a text\",\"label\":" + label + "}"));

            // Then
            assertThat(ingest.accepted()).singleElement().satisfies(record -> {
                assertThat(record.key()).isEqualTo(task);
                assertThat(record.value().example().id()).isEqualTo(key);
            });
        }
    }

    @Test
    void shouldMakeAnIdOfThePlaceWhereARecordIsIfItHasNone() throws IOException {
        try (IngestFixture ingest =
                of(SourceFixtures.tickets(new SourceFields(null, null, "/text", null, "/label", null)))) {
            // When
            for (String text : List.of("first", "second", "first")) {
                ingest.sendTo(
                        TICKETS, NOW, bytes("intent"), bytes("{\"text\":\"" + text + "\",\"label\":\"translate\"}"));
            }

            // Then
            assertThat(ingest.acceptedIds()).containsExactly("acme.tickets-0-0", "acme.tickets-0-1");
            assertThat(ingest.count(IngestMetrics.DUPLICATE, "task", "intent")).isEqualTo(1);
        }
    }

    @Test
    void shouldMapPairsAndNumbers() throws IOException {
        try (IngestFixture ingest =
                of(SourceFixtures.tickets(new SourceFields("/task", "/id", "/a", "/b", "/score", null)))) {
            // When
            ingest.sendTo(
                    TICKETS,
                    NOW,
                    null,
                    bytes("{\"task\":\"similarity\",\"id\":\"1\",\"a\":\"x\",\"b\":\"y\",\"score\":2.50}"));

            // Then
            assertThat(ingest.accepted()).singleElement().satisfies(record -> assertThat(
                            record.value().example())
                    .isEqualTo(new LabelledExample("1", "x", "y", "2.5", null, null, null)));
        }
    }

    @Test
    void shouldMapOneTopicOntoTwoTasks() throws IOException {
        SourceFields stars = new SourceFields(null, "/id", "/text", null, "/stars", null);
        SourceFields intent = new SourceFields(null, "/id", "/text", null, "/intent", null);
        try (IngestFixture ingest = of(
                new SourceConfig(TICKETS, null, "stars", stars, null, null),
                new SourceConfig(TICKETS, null, "intent", intent, null, null))) {
            // When
            ingest.sendTo(
                    TICKETS, NOW, null, bytes("{\"id\":\"1\",\"text\":\"t\",\"stars\":3,\"intent\":\"translate\"}"));

            // Then
            assertThat(ingest.accepted()).extracting(TestRecord::key).containsExactlyInAnyOrder("stars", "intent");
        }
    }

    /** What is wrong, the record and the reason. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "no text|{\"id\":\"1\",\"ticket\":{\"category\":\"translate\"}}|empty-text|text: expected a string at /ticket/body, got none",
                "null text|{\"id\":\"1\",\"ticket\":{\"body\":null,\"category\":\"translate\"}}|empty-text|at /ticket/body, got null",
                "no parent|{\"id\":\"1\",\"ticket\":7}|empty-text|text: expected a string at /ticket/body, got none",
                "number for text|{\"id\":\"1\",\"ticket\":{\"body\":5,\"category\":\"translate\"}}|wrong-type|text at /ticket/body: expected a string, got JSON type number",
                "no id|{\"ticket\":{\"body\":\"t\",\"category\":\"translate\"}}|invalid-id|id: expected a string or a whole number at /id, got none",
                "fraction for id|{\"id\":1.5,\"ticket\":{\"body\":\"t\",\"category\":\"translate\"}}|wrong-type|id at /id: expected a string or a whole number",
                "no label|{\"id\":\"1\",\"ticket\":{\"body\":\"t\"}}|missing-label|label: expected a string, a number or a boolean at /ticket/category, got none",
                "object for label|{\"id\":\"1\",\"ticket\":{\"body\":\"t\",\"category\":{}}}|wrong-type|label at /ticket/category",
                "unknown label|{\"id\":\"1\",\"ticket\":{\"body\":\"t\",\"category\":true}}|unknown-label|got \"true\"",
                "local time|{\"id\":\"1\",\"ticket\":{\"body\":\"t\",\"category\":\"translate\"},\"created\":\"2026-01-31 12:00\"}|wrong-type|eventTime at /created: expected an ISO-8601 time",
                "huge time|{\"id\":\"1\",\"ticket\":{\"body\":\"t\",\"category\":\"translate\"},\"created\":99999999999999999999}|wrong-type|milliseconds since 1970",
                "no JSON|{\"id\":|invalid-json|cut short",
                "a field twice|{\"id\":\"1\",\"id\":\"2\"}|invalid-json|got \"id\" twice",
                "half a character|{\"id\":\"1\",\"ticket\":{\"body\":\"\\uD800\",\"category\":\"translate\"}}|invalid-utf8|surrogate",
                "an array|[1,2]|invalid-id|id: expected a string or a whole number at /id, got none",
                "nothing||invalid-json|got nothing"
            })
    void shouldRejectWhatDoesNotFitAndGoOn(String what, String value, String reason, String message)
            throws IOException {
        try (IngestFixture ingest = of(SourceFixtures.tickets(SourceFormat.JSON))) {
            // When
            byte[] bytes = bytes(value == null ? "" : value);
            ingest.sendTo(TICKETS, NOW, bytes("key"), bytes);
            ingest.sendTo(TICKETS, NOW, null, bytes(TICKET));

            // Then
            assertThat(ingest.rejected()).as(what).singleElement().satisfies(record -> {
                assertThat(record.key()).isEqualTo(bytes("key"));
                assertThat(record.value()).isEqualTo(bytes);
                assertThat(IngestFixture.header(record, RejectionHeaders.REASON))
                        .isEqualTo(reason);
                assertThat(IngestFixture.header(record, RejectionHeaders.MESSAGE))
                        .contains(message)
                        .endsWith("(source source-1)");
                assertThat(IngestFixture.header(record, RejectionHeaders.TOPIC)).isEqualTo(TICKETS);
                assertThat(IngestFixture.header(record, RejectionHeaders.OFFSET))
                        .isEqualTo("0");
            });
            assertThat(ingest.acceptedIds()).containsExactly("4711");
        }
    }

    @Test
    void shouldRejectDeepJsonLongNumbersTombstonesAndLargeRecords() throws IOException {
        try (IngestFixture ingest = of(SourceFixtures.tickets(SourceFormat.JSON))) {
            // When
            ingest.sendTo(TICKETS, NOW, null, bytes("[".repeat(100_000)));
            ingest.sendTo(TICKETS, NOW, null, bytes("{\"id\":" + "9".repeat(100_000) + "}"));
            ingest.sendTo(TICKETS, NOW, bytes("k"), null);
            ingest.sendTo(TICKETS, NOW, null, new byte[Rejectable.MAX_RECORD_BYTES + 1]);

            // Then
            assertThat(ingest.reasons()).containsExactly("invalid-json", "invalid-json", "null-value", "too-large");
        }
    }

    @Test
    void shouldGuardProbesAndFindConflictsAsForExamples() throws IOException {
        try (IngestFixture ingest = of(SourceFixtures.tickets(SourceFormat.JSON))) {
            // Given
            ingest.sendProbe("intent", "p", "a probe", null);
            String ticket = "{\"id\":%d,\"ticket\":{\"body\":\"%s\",\"category\":\"translate\"}}";

            // When
            ingest.sendTo(TICKETS, NOW, null, bytes(ticket.formatted(1, "a probe")));
            ingest.sendTo(TICKETS, NOW, null, bytes(ticket.formatted(2, "first")));
            ingest.sendTo(TICKETS, NOW, null, bytes(ticket.formatted(2, "second")));
            ingest.sendExample("2", "first", "translate");

            // Then
            assertThat(ingest.acceptedIds()).containsExactly("2");
            List<TestRecord<byte[], byte[]>> rejected = ingest.rejected();
            assertThat(rejected)
                    .extracting(record -> IngestFixture.header(record, RejectionHeaders.REASON))
                    .containsExactly("in-probe-set", "conflicting-id");
            assertThat(rejected.get(1).value())
                    .isEqualTo(bytes("{\"id\":\"2\",\"text\":\"second\",\"label\":\"translate\"}"));
            assertThat(ingest.count(IngestMetrics.DUPLICATE, "task", "intent")).isEqualTo(1);
        }
    }

    @Test
    void shouldAccountForEveryRecord() throws IOException {
        try (IngestFixture ingest =
                of(SourceFixtures.tickets(new SourceFields("/task", "/id", "/text", null, "/label", null)))) {
            // When
            for (String task : List.of("intent", "nli", "none", "intent")) {
                ingest.sendTo(
                        TICKETS,
                        Instant.EPOCH,
                        null,
                        bytes("{\"task\":\"" + task + "\",\"id\":1,\"text\":\"t\",\"label\":\"translate\"}"));
            }
            ingest.sendTo(TICKETS, NOW, null, bytes("{}"));

            // Then
            assertThat(ingest.count(IngestMetrics.RECEIVED, "task", "intent")).isEqualTo(2);
            assertThat(ingest.count(IngestMetrics.ACCEPTED, "task", "intent")).isEqualTo(1);
            assertThat(ingest.count(IngestMetrics.DUPLICATE, "task", "intent")).isEqualTo(1);
            assertThat(ingest.count(IngestMetrics.REJECTED, "task", "nli", "reason", "empty-text"))
                    .isEqualTo(1);
            assertThat(ingest.count(IngestMetrics.REJECTED, "task", "unknown", "reason", "unknown-task"))
                    .isEqualTo(2);
            assertThat(ingest.count(IngestMetrics.RECEIVED)).isEqualTo(5);
        }
    }

    private static IngestFixture of(SourceConfig... configs) {
        return new IngestFixture(SourceFixtures.sources(configs));
    }
}
