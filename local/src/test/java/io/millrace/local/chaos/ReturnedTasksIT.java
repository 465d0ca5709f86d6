package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.local.broker.EmbeddedBroker;
import io.millrace.schemas.KafkaConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A second trainer comes, takes some of the first one's tasks, and dies: the first takes them up again. */
class ReturnedTasksIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int EXAMPLES_A_TURN = ChaosStream.BATCH_SIZE * ChaosStream.STEPS_A_CHECKPOINT;

    @TempDir
    private Path folder;

    @Test
    void shouldGoOnWithTasksThatItHadGivenAway() throws Exception {
        Recoveries recoveries = new Recoveries("one of two trainers killed, until the other has trained its tasks");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            // Given
            KafkaConnection kafka = broker.connection();
            ChaosStream.createTopics(kafka);
            String config = ChaosStream.config(folder, kafka).toString();
            try (ChildProcess ingest = start("ingest", "ingest", config);
                    ChildProcess first = start("first", "trainer", config)) {
                ChaosStream.send(kafka, 0, EXAMPLES_A_TURN);
                awaitTrained(kafka, EXAMPLES_A_TURN, first);
                try (ChildProcess second = start("second", "trainer", config)) {
                    await().atMost(PATIENCE).until(() -> second.output().contains("going on from"));

                    // When
                    second.kill();
                }
                long killedNanos = System.nanoTime();
                ChaosStream.send(kafka, EXAMPLES_A_TURN, 2 * EXAMPLES_A_TURN);

                // Then
                awaitTrained(kafka, 2 * EXAMPLES_A_TURN, first);
                recoveries.over(killedNanos);
                assertThat(ingest.isAlive()).as(ingest::output).isTrue();
            }
            ChaosStream.assertProven(kafka, folder.resolve("store"));
            recoveries.print();
        }
    }

    private ChildProcess start(String name, String command, String config) throws IOException {
        return ChildProcess.start(folder.resolve(name + ".log"), List.of(command, "--config", config));
    }

    private static void awaitTrained(KafkaConnection kafka, long examples, ChildProcess trainer) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            assertThat(trainer.isAlive()).as(trainer::output).isTrue();
            ChaosStream.assertTrained(kafka, examples);
        });
    }
}
