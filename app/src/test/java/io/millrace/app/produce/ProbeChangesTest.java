package io.millrace.app.produce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.produce.ProbeTopic.Replacement;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class ProbeChangesTest {

    private final ProbesByPartition present = new ProbesByPartition();

    @Test
    void shouldRemoveAProbeFromThePartitionWhereItLies() {
        // Given a probe of a client that hashes keys otherwise
        present.take("intent/known/1", 3, value("1", "gone"));

        // When
        ProbeChanges changes = ProbeChanges.between(Topics.PROBES, present, List.of());

        // Then
        assertThat(changes.replacement()).isEqualTo(new Replacement(0, 1, 0));
        assertThat(changes.records()).singleElement().satisfies(record -> {
            assertThat(record.partition()).isEqualTo(3);
            assertThat(record.key()).isEqualTo("intent/known/1");
            assertThat(record.value()).isNull();
        });
    }

    @Test
    void shouldRemoveAProbeFromEveryPartitionThatHoldsIt() {
        // Given
        present.take("intent/known/1", 0, value("1", "gone"));
        present.take("intent/known/1", 2, value("1", "gone"));

        // When
        ProbeChanges changes = ProbeChanges.between(Topics.PROBES, present, List.of());

        // Then
        assertThat(changes.replacement()).isEqualTo(new Replacement(0, 1, 0));
        assertThat(changes.records()).extracting(ProducerRecord::partition).containsExactly(0, 2);
    }

    @Test
    void shouldGiveAProbeTheSameValueWhereverItLies() {
        // Given
        present.take("intent/known/1", 0, value("1", "new"));
        present.take("intent/known/1", 2, value("1", "old"));

        // When
        ProbeChanges changes = ProbeChanges.between(Topics.PROBES, present, List.of(probe("1", "new")));

        // Then
        assertThat(changes.replacement()).isEqualTo(new Replacement(1, 0, 0));
        assertThat(changes.records()).singleElement().satisfies(record -> {
            assertThat(record.partition()).isEqualTo(2);
            assertThat(record.value()).isEqualTo(value("1", "new"));
        });
    }

    @Test
    void shouldLeaveANewProbeToThePartitioner() {
        // When
        ProbeChanges changes = ProbeChanges.between(Topics.PROBES, present, List.of(probe("1", "new")));

        // Then
        assertThat(changes.replacement()).isEqualTo(new Replacement(1, 0, 0));
        assertThat(changes.records()).extracting(ProducerRecord::partition).containsOnlyNulls();
    }

    @Test
    void shouldNotRemoveWhatWasRemovedBefore() {
        // Given
        present.take("intent/known/1", 0, value("1", "gone"));
        present.take("intent/known/1", 0, null);

        // When
        ProbeChanges changes = ProbeChanges.between(Topics.PROBES, present, List.of());

        // Then
        assertThat(present.of("intent/known/1")).isEqualTo(Map.of());
        assertThat(changes.records()).isEmpty();
    }

    private static byte[] value(String id, String text) {
        return Json.write(probe(id, text)).getBytes(UTF_8);
    }

    private static ProbeExample probe(String id, String text) {
        return new ProbeExample(
                "intent",
                "known",
                Distribution.IN_DISTRIBUTION,
                new LabelledExample(id, text, null, "label", null, null, null));
    }
}
