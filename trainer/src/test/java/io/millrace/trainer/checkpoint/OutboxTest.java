package io.millrace.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.RejectedRecords;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.batch.MiniBatch;
import io.millrace.trainer.batch.PolledRecord;
import io.millrace.trainer.batch.TextBatcher;
import io.millrace.trainer.batch.WithOffset;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

class OutboxTest {

    private static final byte[] BROKEN = "{broken".getBytes(StandardCharsets.UTF_8);

    private static final int MAX_BYTES = 20_000;

    private final Outbox outbox = new Outbox(Sentiments.KAFKA, "sentiment", 2, new RejectedRecords(MAX_BYTES));

    @Test
    void shouldKeepTheBytesOfAMalformedRecordAndSayWhereTheyCameFrom() {
        // Given
        outbox.untrainable(new PolledRecord(7, BROKEN), RejectionReason.INVALID_JSON, "broken");

        // When
        ProducerRecord<String, byte[]> record = outbox.takeBefore(8, 0).get(0);

        // Then
        assertThat(record.topic()).isEqualTo("rejected-examples");
        assertThat(record.key()).isEqualTo("sentiment");
        assertThat(record.value()).isEqualTo(BROKEN);
        assertThat(header(record, "millrace.reason")).isEqualTo("invalid-json");
        assertThat(header(record, "__streams.errors.topic")).isEqualTo("accepted-examples");
        assertThat(header(record, "__streams.errors.offset")).isEqualTo("7");
    }

    @Test
    void shouldNameTheTopicsOfItsOwnInstallation() {
        // Given
        Outbox prefixed =
                new Outbox(Sentiments.KAFKA.withPrefix("ours-"), "sentiment", 2, new RejectedRecords(MAX_BYTES));
        prefixed.untrainable(new PolledRecord(7, BROKEN), RejectionReason.INVALID_JSON, "broken");

        // When
        ProducerRecord<String, byte[]> record = prefixed.takeBefore(8, 0).get(0);

        // Then
        assertThat(record.topic()).isEqualTo("ours-rejected-examples");
        assertThat(header(record, "__streams.errors.topic")).isEqualTo("ours-accepted-examples");
    }

    @Test
    void shouldRejectEveryExampleOfAQuarantinedMiniBatch() {
        // Given
        outbox.quarantined(new MiniBatch(
                List.of(new WithOffset<>(4, Sentiments.example(4)), new WithOffset<>(5, Sentiments.example(5))),
                new OffsetRange(0, 4, 6),
                false,
                TextBatcher.Taken.NOTHING));

        // When
        List<ProducerRecord<String, byte[]>> taken = outbox.takeBefore(6, 0);

        // Then
        assertThat(taken)
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .containsExactly(Json.write(Sentiments.example(4)), Json.write(Sentiments.example(5)));
        assertThat(taken).allSatisfy(record -> {
            assertThat(header(record, "millrace.reason")).isEqualTo("not-finite");
            assertThat(header(record, "__streams.errors.message")).contains("offsets 4 to 6");
        });
        assertThat(taken)
                .extracting(record -> header(record, "__streams.errors.offset"))
                .containsExactly("4", "5");
    }

    @Test
    void shouldSayWhyAnExampleCannotBeTrained() {
        // Given
        outbox.untrainable(new PolledRecord(7, BROKEN), RejectionReason.TOO_MANY_LABELS, "one label too many");

        // When
        ProducerRecord<String, byte[]> record = outbox.takeBefore(8, 0).get(0);

        // Then
        assertThat(header(record, "millrace.reason")).isEqualTo("too-many-labels");
        assertThat(header(record, "__streams.errors.message")).isEqualTo("one label too many");
        assertThat(header(record, "__streams.errors.partition")).isEqualTo("2");
    }

    @Test
    void shouldRejectAMalformedTextOnceACheckpointCoversItsOwnOffset() {
        // Given
        outbox.malformedText(new PolledRecord(7, BROKEN));

        // When
        List<ProducerRecord<String, byte[]>> early = outbox.takeBefore(100, 7);
        List<ProducerRecord<String, byte[]>> taken = outbox.takeBefore(0, 8);

        // Then
        assertThat(early).isEmpty();
        assertThat(taken).hasSize(1);
        assertThat(taken.get(0).topic()).isEqualTo("rejected-examples");
        assertThat(taken.get(0).value()).isEqualTo(BROKEN);
        assertThat(header(taken.get(0), "millrace.reason")).isEqualTo("invalid-json");
        assertThat(header(taken.get(0), "__streams.errors.topic")).isEqualTo("texts");
        assertThat(header(taken.get(0), "__streams.errors.offset")).isEqualTo("7");
    }

    @Test
    void shouldCutAMalformedTextThatTheTopicCannotTake() {
        // Given
        outbox.malformedText(new PolledRecord(7, new byte[2 << 20]));

        // When
        ProducerRecord<String, byte[]> record = outbox.takeBefore(0, 8).get(0);

        // Then
        assertThat(record.key()).isEqualTo("sentiment");
        assertThat(record.value()).hasSizeBetween(MAX_BYTES - 1000, MAX_BYTES);
        assertThat(header(record, "__streams.errors.message")).contains("(cut: see the record");
        assertThat(header(record, "__streams.errors.topic")).isEqualTo("texts");
        assertThat(header(record, "__streams.errors.offset")).isEqualTo("7");
    }

    @Test
    void shouldBeFullOfFewLargeRecordsToo() {
        // Given
        Outbox roomy = new Outbox(Sentiments.KAFKA, "sentiment", 2, new RejectedRecords(16 << 20));
        roomy.malformedText(new PolledRecord(7, new byte[17 << 20]));
        roomy.malformedText(new PolledRecord(8, new byte[17 << 20]));
        boolean early = roomy.isFull(true);

        // When
        roomy.malformedText(new PolledRecord(9, new byte[17 << 20]));

        // Then
        assertThat(early).isFalse();
        assertThat(roomy.isFull(true)).isTrue();
        assertThat(roomy.isFull(false)).isFalse();
    }

    @Test
    void shouldRejectTheTextsOfAQuarantinedMiniBatchToo() {
        // Given
        outbox.quarantined(new MiniBatch(
                List.of(new WithOffset<>(4, Sentiments.example(4))),
                new OffsetRange(2, 4, 5),
                false,
                new TextBatcher.Taken(
                        List.of(new WithOffset<>(9, Sentiments.text(9))), Optional.of(new OffsetRange(2, 9, 10)))));

        // When
        List<ProducerRecord<String, byte[]>> taken = outbox.takeBefore(5, 10);

        // Then
        assertThat(taken)
                .extracting(record -> header(record, "__streams.errors.topic"))
                .containsExactly("accepted-examples", "texts");
        assertThat(taken)
                .extracting(record -> header(record, "millrace.reason"))
                .containsExactly("not-finite", "not-finite");
        assertThat(taken.get(1).value()).asString(StandardCharsets.UTF_8).isEqualTo(Json.write(Sentiments.text(9)));
    }

    @Test
    void shouldKeepRecordsThatNoCheckpointCovers() {
        // Given
        outbox.untrainable(new PolledRecord(7, BROKEN), RejectionReason.INVALID_JSON, "broken");
        outbox.untrainable(new PolledRecord(9, null), RejectionReason.INVALID_JSON, "nothing");

        // When
        List<ProducerRecord<String, byte[]>> first = outbox.takeBefore(9, 0);
        List<ProducerRecord<String, byte[]>> second = outbox.takeBefore(10, 0);

        // Then
        assertThat(first)
                .extracting(record -> header(record, "__streams.errors.offset"))
                .containsExactly("7");
        assertThat(second)
                .extracting(record -> header(record, "__streams.errors.offset"))
                .containsExactly("9");
        assertThat(outbox.takeBefore(Long.MAX_VALUE, 0)).isEmpty();
    }

    @Test
    void shouldSendDriftWithTheCheckpointThatCoversIt() {
        // Given
        DriftEvent event = new DriftEvent(
                "sentiment",
                DriftPhase.STARTED,
                "prequentialAccuracy",
                "detector",
                new DriftEvent.Reading(0.5, 1, 0.5, 10),
                12);
        outbox.drift(48, event);

        // When
        List<ProducerRecord<String, byte[]>> early = outbox.takeBefore(47, 0);
        boolean waits = outbox.hasDrift();
        List<ProducerRecord<String, byte[]>> taken = outbox.takeBefore(48, 0);

        // Then
        assertThat(early).isEmpty();
        assertThat(waits).isTrue();
        assertThat(outbox.hasDrift()).isFalse();
        assertThat(taken).hasSize(1);
        ProducerRecord<String, byte[]> record = taken.get(0);
        assertThat(record.topic()).isEqualTo("drift");
        assertThat(Topics.DRIFT.valueSerde().deserializer().deserialize("drift", record.value()))
                .isEqualTo(event);
        assertThat(header(record, "ce_type")).isEqualTo("io.millrace.drift.started");
        assertThat(header(record, "ce_id")).isEqualTo("sentiment/prequentialAccuracy/12/started");
    }

    private static String header(ProducerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
