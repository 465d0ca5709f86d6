package io.millrace.trainer.lineage;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.trainer.RunningTask;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.DriftConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfigs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class CheckpointReproductionTest {

    @TempDir
    private Path store;

    private final Announcements announcements = new Announcements();

    @Test
    void shouldRefuseOtherSettingsOfTheWatchForDrift() {
        // Given
        TrainedTask task =
                Sentiments.task(Method.PLAIN, Sentiments.golden("bert"), 1, new CheckpointConfig(1, null, null, null));
        try (RunningTask run = new RunningTask(task, store, announcements, 0)) {
            run.feed(0, Sentiments.BATCH_SIZE);
        }
        Path checkpoint = store.resolve(announcements.last().checkpoint().location());
        TrainedTask changed = new TrainedTask(
                task.task(),
                TrainingConfigs.like(task.training())
                        .withDrift(new DriftConfig(7, null, null, null, null, null, null, null, null))
                        .build());

        // When / Then
        assertThatNoException().isThrownBy(() -> new CheckpointReproduction(task, Sentiments.KAFKA, checkpoint));
        assertThatThrownBy(() -> new CheckpointReproduction(changed, Sentiments.KAFKA, checkpoint))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tasks.sentiment.training.drift, which decides drift.json")
                .hasMessageEndingWith("Give the configuration of that time.");
    }
}
