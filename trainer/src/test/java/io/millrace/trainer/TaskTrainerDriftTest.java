package io.millrace.trainer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.DriftConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfigs;
import io.millrace.trainer.lineage.Announcements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

class TaskTrainerDriftTest {

    /** Drift is found within a few examples, and every step is a checkpoint. */
    private static final TrainedTask DRIFTING = drifting();

    @TempDir
    private Path store;

    private final Announcements announcements = new Announcements();

    @Test
    void shouldTestBeforeItTrainsAndReportDriftWithEveryCheckpoint() {
        // Given
        try (RunningTask task = new RunningTask(DRIFTING, store, announcements, 0)) {
            // When
            feedLabelled(task, 0, "positive");
            double before = announcements.last().training().get("prequentialAccuracy");
            int silent = announcements.lastRecords().size();
            feedLabelled(task, 4, "negative");
            double after = announcements.last().training().get("prequentialAccuracy");
            List<String> started = types();
            feedLabelled(task, 8, "negative");

            // Then
            assertThat(before).as("the golden head says positive to everything").isEqualTo(1);
            assertThat(silent).isZero();
            assertThat(after).isZero();
            assertThat(started).containsExactly("io.millrace.drift.started");
            assertThat(types()).containsExactly("io.millrace.drift.ongoing");
        }
    }

    @Test
    void shouldContinueADriftAfterARestart() throws IOException {
        // Given
        DriftEvent started;
        try (RunningTask task = new RunningTask(DRIFTING, store, announcements, 0)) {
            feedLabelled(task, 0, "positive");
            feedLabelled(task, 4, "negative");
            started = drift();
        }

        // When
        DriftEvent ongoing;
        try (RunningTask task = new RunningTask(DRIFTING, store, announcements, 0)) {
            feedLabelled(task, 8, "negative");
            ongoing = drift();
        }

        // Then
        assertThat(started.phase()).isEqualTo(DriftPhase.STARTED);
        assertThat(ongoing.phase()).isEqualTo(DriftPhase.ONGOING);
        assertThat(requireNonNull(ongoing.episode()).id())
                .isEqualTo(requireNonNull(started.episode()).id())
                .isEqualTo("sentiment/" + RunningTask.PARTITION + "/4");
    }

    private DriftEvent drift() {
        return Topics.DRIFT
                .valueSerde()
                .deserializer()
                .deserialize("drift", announcements.lastRecords().get(0).value());
    }

    private static TrainedTask drifting() {
        CheckpointConfig checkpoints = new CheckpointConfig(1, null, null, null);
        TrainedTask task = Sentiments.task(Method.PLAIN, Sentiments.golden("bert"), 1, checkpoints);
        return new TrainedTask(
                task.task(),
                TrainingConfigs.like(task.training())
                        .withDrift(new DriftConfig(4, 0.5, null, 20L, null, null, null, null, null))
                        .build());
    }

    private static void feedLabelled(RunningTask task, long first, String label) {
        for (long offset = first; offset < first + Sentiments.BATCH_SIZE; offset++) {
            LabelledExample one = Sentiments.example(offset);
            task.accept(offset, new LabelledExample(one.id(), one.text(), null, label, null, null, null));
        }
        task.advance();
    }

    private List<String> types() {
        return announcements.lastRecords().stream()
                .map(record -> new String(record.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8))
                .toList();
    }
}
