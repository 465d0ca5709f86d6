package io.millrace.ingest;

import static io.millrace.ingest.Tasks.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.RejectionReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;

class IngestMetricsTest {

    @Test
    void shouldAccountForEveryRecordOfAMixedStream(@TempDir Path stateDir) {
        // Given
        long seed = 20260131;
        Random random = new Random(seed);
        List<Rejectable> bad = Rejectable.all().toList();
        try (IngestFixture ingest = new IngestFixture(stateDir)) {
            ingest.sendProbe("intent", "p1", "text 7", null);

            // When
            for (int i = 0; i < 2000; i++) {
                if (random.nextInt(3) == 0) {
                    Rejectable record = bad.get(random.nextInt(bad.size()));
                    ingest.send(record.key(), record.value());
                } else {
                    String text = "text " + random.nextInt(300);
                    ingest.sendExample("id-" + random.nextInt(500), text, "translate");
                }
            }

            // Then
            for (String task : List.of("intent", "nli", IngestMetrics.UNKNOWN_TASK)) {
                assertThat(ingest.count(IngestMetrics.RECEIVED, "task", task))
                        .as("records of task %s, seed %d", task, seed)
                        .isPositive()
                        .isEqualTo(ingest.count(IngestMetrics.ACCEPTED, "task", task)
                                + ingest.count(IngestMetrics.REJECTED, "task", task)
                                + ingest.count(IngestMetrics.DUPLICATE, "task", task));
            }
            assertThat(ingest.count(IngestMetrics.RECEIVED)).isEqualTo(2000);
            assertThat(ingest.count(IngestMetrics.ACCEPTED))
                    .isPositive()
                    .isEqualTo(ingest.accepted().size());
            assertThat(ingest.count(IngestMetrics.DUPLICATE)).isPositive();
            List<String> reasons = ingest.reasons();
            for (RejectionReason reason : TaskCounters.REASONS) {
                assertThat(ingest.count(IngestMetrics.REJECTED, "reason", reason.wireName()))
                        .as("records rejected as %s, seed %d", reason, seed)
                        .isPositive()
                        .isEqualTo(reasons.stream()
                                .filter(reason.wireName()::equals)
                                .count());
            }
        }
    }

    @Test
    void shouldBoundTheTagByTheTasksThatAreKnown() {
        // Given
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        IngestMetrics metrics = new IngestMetrics(registry, Tasks.registry());
        int before = registry.getMeters().size();

        // When
        for (int i = 0; i < 100; i++) {
            metrics.of(bytes("made-up-" + i)).received().increment();
        }

        // Then
        assertThat(registry.getMeters()).hasSize(before);
        assertThat(registry.get(IngestMetrics.RECEIVED)
                        .tag("task", IngestMetrics.UNKNOWN_TASK)
                        .counter()
                        .count())
                .isEqualTo(100);
    }
}
