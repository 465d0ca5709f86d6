package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.Json;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Topics;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

class CastOutTest {

    private static final byte[] BROKEN = "{broken".getBytes(StandardCharsets.UTF_8);

    private final CastOut castOut = new CastOut("sentiment", 2);

    @Test
    void shouldKeepTheBytesOfAMalformedRecordAndSayWhereTheyCameFrom() {
        // Given
        castOut.malformed(new Arrival(7, BROKEN));

        // When
        ProducerRecord<String, byte[]> record = castOut.takeBefore(8).get(0);

        // Then
        assertThat(record.topic()).isEqualTo("rejected-examples");
        assertThat(record.key()).isEqualTo("sentiment");
        assertThat(record.value()).isEqualTo(BROKEN);
        assertThat(header(record, "millrace.reason")).isEqualTo("invalid-json");
        assertThat(header(record, "__streams.errors.topic")).isEqualTo("accepted-examples");
        assertThat(header(record, "__streams.errors.offset")).isEqualTo("7");
    }

    @Test
    void shouldRejectEveryExampleOfAQuarantinedMiniBatch() {
        // Given
        castOut.quarantined(
                new MiniBatch(List.of(Sentiments.example(4), Sentiments.example(5)), new OffsetRange(0, 4, 6), false));

        // When
        List<ProducerRecord<String, byte[]>> taken = castOut.takeBefore(6);

        // Then
        assertThat(taken)
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .containsExactly(Json.write(Sentiments.example(4)), Json.write(Sentiments.example(5)));
        assertThat(taken).allSatisfy(record -> {
            assertThat(header(record, "millrace.reason")).isEqualTo("not-finite");
            assertThat(header(record, "__streams.errors.message")).contains("offsets 4 to 6");
        });
    }

    @Test
    void shouldKeepBackWhatNoCheckpointCovers() {
        // Given
        castOut.malformed(new Arrival(7, BROKEN));
        castOut.malformed(new Arrival(9, null));

        // When
        List<ProducerRecord<String, byte[]>> first = castOut.takeBefore(9);
        List<ProducerRecord<String, byte[]>> second = castOut.takeBefore(10);

        // Then
        assertThat(first)
                .extracting(record -> header(record, "__streams.errors.offset"))
                .containsExactly("7");
        assertThat(second)
                .extracting(record -> header(record, "__streams.errors.offset"))
                .containsExactly("9");
        assertThat(castOut.takeBefore(Long.MAX_VALUE)).isEmpty();
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
        castOut.drift(48, event);

        // When
        List<ProducerRecord<String, byte[]>> early = castOut.takeBefore(47);
        boolean waits = castOut.hasDrift();
        List<ProducerRecord<String, byte[]>> taken = castOut.takeBefore(48);

        // Then
        assertThat(early).isEmpty();
        assertThat(waits).isTrue();
        assertThat(castOut.hasDrift()).isFalse();
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
