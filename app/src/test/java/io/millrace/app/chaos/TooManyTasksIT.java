package io.millrace.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.MillraceConfig;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.trainer.TrainerService;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** One task more than a trainer holds. */
@Tag("slow")
class TooManyTasksIT {

    /** As docs/design.md says. */
    private static final int MOST_TASKS = 100;

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    private Path folder;

    @Test
    void shouldRefuseTheTaskThatIsTooManyAndHoldTheOthers() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            // Given
            MillraceConfig config = config(broker.connection());
            SimpleMeterRegistry meters = new SimpleMeterRegistry();

            // When
            try (TrainerService trainer =
                    new TrainerService(config.kafka(), config.store(), config.trainedTasks(), meters)) {
                trainer.start();

                // Then
                await().atMost(PATIENCE)
                        .until(() -> meters.find("millrace.trainer.steps.done")
                                        .gauges()
                                        .size()
                                == MOST_TASKS);
                assertThat(meters.find("millrace.trainer.failed").gauges().stream()
                                .mapToDouble(Gauge::value)
                                .sum())
                        .isEqualTo(1);
                assertThat(trainer.terminated()).isNotDone();
            }
        }
    }

    private MillraceConfig config(KafkaConnection kafka) throws IOException {
        Path encoder = Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert")
                .toAbsolutePath();
        StringBuilder yaml = new StringBuilder("store: store\ntasks:\n");
        for (int i = 0; i <= MOST_TASKS; i++) {
            yaml.append("  task-").append(i).append(": {labels: [negative, positive], training: {encoder: \"");
            yaml.append(encoder).append("\", batching: {maxTokens: 16}}}\n");
        }
        return MillraceConfig.read(Files.writeString(folder.resolve("millrace.yaml"), yaml))
                .withKafka(kafka);
    }
}
