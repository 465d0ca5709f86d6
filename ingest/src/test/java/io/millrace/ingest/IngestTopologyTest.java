package io.millrace.ingest;

import static io.millrace.ingest.Tasks.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Origin;
import io.millrace.schemas.kafka.RejectedRecords;
import io.millrace.schemas.kafka.RejectionHeaders;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;

class IngestTopologyTest {

    @AutoClose
    private final IngestFixture ingest = new IngestFixture();

    @AutoClose
    private final IngestFixture strays = IngestFixture.ofStrays();

    @Test
    void shouldPassAnExampleOnNormalisedAndWithItsOrigin() {
        // Given
        Instant sent = IngestFixture.NOW.minusSeconds(3600);

        // When
        ingest.sendExample("1", " book\ta flight ", "book_flight", sent);

        // Then
        LabelledExample example = Tasks.example("1", "book a flight", "book_flight");
        Origin origin = new Origin("examples", 0, 0, sent.toEpochMilli());
        assertThat(ingest.accepted()).singleElement().satisfies(record -> {
            assertThat(record.key()).isEqualTo("intent");
            assertThat(record.value()).isEqualTo(new AcceptedExample(example, origin));
            assertThat(record.getRecordTime()).isEqualTo(IngestFixture.NOW);
        });
    }

    @Test
    void shouldKeepTheOrderOfATask() {
        // When
        for (int i = 0; i < 100; i++) {
            ingest.sendExample("id-" + i, "text " + i, i % 10 == 3 ? "order_pizza" : "translate");
        }

        // Then
        assertThat(ingest.accepted())
                .extracting(record -> record.value().origin().offset())
                .hasSize(90)
                .isSorted();
    }

    @ParameterizedTest
    @MethodSource("io.millrace.ingest.Rejectable#all")
    void shouldHandOnAsItCameAndGoOnAfter(Rejectable bad) {
        // When
        ingest.send(bad.key(), bad.value());
        ingest.sendExample("2", "what comes after", "translate");

        // Then
        assertThat(ingest.rejected()).singleElement().satisfies(record -> {
            assertThat(record.key()).isEqualTo(bad.key());
            assertThat(record.value()).isEqualTo(bad.value());
            assertThat(IngestFixture.header(record, RejectionHeaders.REASON))
                    .isEqualTo(bad.reason().wireName());
            assertThat(IngestFixture.header(record, RejectionHeaders.MESSAGE))
                    .isNotBlank()
                    .hasSizeLessThanOrEqualTo(RejectedRecords.MAX_MESSAGE_CHARS)
                    .doesNotContainPattern("\\p{Cntrl}");
            assertThat(IngestFixture.header(record, RejectionHeaders.TOPIC)).isEqualTo("examples");
            assertThat(IngestFixture.header(record, RejectionHeaders.PARTITION)).isEqualTo("0");
            assertThat(IngestFixture.header(record, RejectionHeaders.OFFSET)).isEqualTo("0");
        });
        assertThat(ingest.acceptedIds()).containsExactly("2");
    }

    @Test
    void shouldKeepForeignHeadersOfARejectedRecordButThoseWithReservedNames() {
        // Given
        RecordHeaders headers = new RecordHeaders();
        headers.add("traceparent", bytes("00-ab-cd-01"));
        headers.add(RejectionHeaders.REASON, bytes("forged"));
        headers.add(RejectionHeaders.REASON, bytes("forged again"));
        headers.add(RejectionHeaders.OFFSET, bytes("999"));
        headers.add("ce_type", bytes("io.millrace.model-update.promoted"));

        // When
        ingest.sendAt(IngestFixture.NOW, new TestRecord<>(bytes("intent"), null, headers));

        // Then
        List<TestRecord<byte[], byte[]>> rejected = ingest.rejected();
        assertThat(rejected).singleElement().satisfies(record -> {
            assertThat(StreamSupport.stream(record.headers().spliterator(), false)
                            .map(Header::key))
                    .containsExactlyInAnyOrder(
                            "traceparent",
                            RejectionHeaders.REASON,
                            RejectionHeaders.MESSAGE,
                            RejectionHeaders.TOPIC,
                            RejectionHeaders.PARTITION,
                            RejectionHeaders.OFFSET);
            assertThat(IngestFixture.header(record, RejectionHeaders.REASON)).isEqualTo("null-value");
            assertThat(IngestFixture.header(record, RejectionHeaders.OFFSET)).isEqualTo("0");
        });
    }

    @Test
    void shouldNotPassHeadersOnWithAnAcceptedExample() {
        // Given
        RecordHeaders headers = new RecordHeaders();
        headers.add("traceparent", bytes("00-ab-cd-01"));
        headers.add("ce_type", bytes("io.millrace.model-update.promoted"));
        byte[] value = bytes("{\"id\":\"1\",\"text\":\"t\",\"label\":\"translate\"}");

        // When
        ingest.sendAt(IngestFixture.NOW, new TestRecord<>(bytes("intent"), value, headers));

        // Then
        assertThat(ingest.accepted()).singleElement().satisfies(record -> assertThat(record.headers())
                .isEmpty());
    }

    @Test
    void shouldTimestampWhatItWritesItselfWhateverTheProducerSays() {
        // When
        ingest.sendExample("1", "from the past", "translate", Instant.EPOCH);
        ingest.sendExample("2", "from the future", "translate", Instant.parse("2199-01-01T00:00:00Z"));

        // Then
        assertThat(ingest.accepted())
                .extracting(TestRecord::getRecordTime)
                .containsExactly(IngestFixture.NOW, IngestFixture.NOW);
    }

    @Test
    void shouldTreatAStrayAsAnExampleInThePartitionOfItsTask() {
        // When
        for (IngestFixture either : List.of(ingest, strays)) {
            either.sendExample("1", " book\ta flight ", "book_flight");
            either.sendExample("2", "book a flight", "book_flight");
            either.sendExample("1", "cancel a flight", "book_flight");
            either.sendExample("3", "a flight", "order_pizza");
            either.sendExample("4", "last", "translate");
        }

        // Then
        assertThat(strays.accepted())
                .hasSize(2)
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactlyElementsOf(ingest.accepted());
        assertThat(strays.reasons())
                .containsExactlyInAnyOrder("conflicting-id", "unknown-label")
                .containsExactlyInAnyOrderElementsOf(ingest.reasons());
        assertThat(strays.count(IngestMetrics.RECEIVED, "task", "intent")).isEqualTo(5);
        assertThat(strays.count(IngestMetrics.DUPLICATE, "task", "intent")).isEqualTo(1);
    }

    @Test
    void shouldHandOnAConflictingRecordWithItsHeadersUnlessTheyAreMoreThanTheWayToItsTaskTakes() {
        // Given
        strays.sendExample("1", "what came first", "translate");
        byte[] conflicting = bytes(" {\"id\":\"1\",\"text\":\"t\",\"label\":\"translate\"}\n");
        RecordHeaders few = new RecordHeaders();
        few.add("traceparent", bytes("00-ab-cd-01"));
        RecordHeaders many = new RecordHeaders();
        many.add("large", new byte[InternalTopic.HEADROOM_BYTES]);

        // When
        strays.sendAt(IngestFixture.NOW, new TestRecord<>(bytes("intent"), conflicting, few));
        strays.sendAt(IngestFixture.NOW, new TestRecord<>(bytes("intent"), conflicting, many));

        // Then
        List<TestRecord<byte[], byte[]>> rejected = strays.rejected();
        assertThat(rejected).hasSize(2).allSatisfy(record -> {
            assertThat(record.value()).isEqualTo(conflicting);
            assertThat(IngestFixture.header(record, RejectionHeaders.REASON)).isEqualTo("conflicting-id");
        });
        assertThat(IngestFixture.header(rejected.get(0), "traceparent")).isEqualTo("00-ab-cd-01");
        assertThat(IngestFixture.header(rejected.get(1), "large")).isNull();
    }
}
