package io.millrace.ingest;

import static io.millrace.ingest.Tasks.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.RejectionReason;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

class IngestMetricsTest {

    @AutoClose
    private final IngestFixture ingest = new IngestFixture();

    @Test
    void shouldAccountForEveryRecordOfAMixedStream() {
        // Given
        long seed = 20260131;
        Random random = new Random(seed);
        List<Rejectable> bad = Rejectable.all().toList();
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
        Set<RejectionReason> possible = EnumSet.copyOf(TaskCounters.REASONS);
        possible.removeAll(TaskCounters.REASONS_OF_SOURCES);
        for (RejectionReason reason : possible) {
            assertThat(ingest.count(IngestMetrics.REJECTED, "reason", reason.wireName()))
                    .as("records rejected as %s, seed %d", reason, seed)
                    .isPositive()
                    .isEqualTo(
                            reasons.stream().filter(reason.wireName()::equals).count());
        }
    }

    @Test
    void shouldNotGrowMetersWithTasksLabelsAndProbeSetsThatComeWithRecords() {
        // Given
        int before = ingest.meters();

        // When
        for (int i = 0; i < 3000; i++) {
            ingest.sendProbe("intent", "set-" + i, Tasks.example("1", "probed " + i, "l"));
            ingest.send(bytes("made-up-" + i), bytes("{\"id\":\"1\",\"text\":\"t\",\"label\":\"l\"}"));
            ingest.send(
                    bytes("topics"),
                    bytes("{\"id\":\"" + i + "\",\"text\":\"text " + i + "\",\"label\":\"label " + i + "\"}"));
            ingest.send(bytes("intent"), bytes("{\"id\":\"1\",\"text\":\"t\",\"label\":\"unknown " + i + "\"}"));
        }

        // Then
        assertThat(ingest.meters()).isEqualTo(before);
        assertThat(ingest.probeCount()).isEqualTo(3000);
        assertThat(ingest.count(IngestMetrics.RECEIVED, "task", IngestMetrics.UNKNOWN_TASK))
                .isEqualTo(3000);
        assertThat(ingest.count(IngestMetrics.ACCEPTED, "task", "topics")).isEqualTo(3000);
        assertThat(ingest.count(IngestMetrics.REJECTED, "task", "intent")).isEqualTo(3000);
    }
}
