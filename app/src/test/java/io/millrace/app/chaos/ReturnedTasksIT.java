package io.millrace.app.chaos;

import static org.awaitility.Awaitility.await;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** A second trainer comes, takes some of the first one's tasks, and dies: the first takes them up again. */
@Tag("slow")
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
            Path config = ChaosStream.config(folder, kafka, ChaosStream.BY_TIME_TOO);
            try (ChildProcess ingest = ChildProcess.service(folder.resolve("ingest.log"), "ingest", config);
                    ChildProcess first = ChildProcess.service(folder.resolve("first.log"), "trainer", config)) {
                ChaosStream.send(kafka, 0, EXAMPLES_A_TURN);
                ChaosStream.awaitTrained(kafka, EXAMPLES_A_TURN, first::assertAlive);
                try (ChildProcess second = ChildProcess.service(folder.resolve("second.log"), "trainer", config)) {
                    await().atMost(PATIENCE).until(() -> second.output().contains("resuming from"));

                    // When
                    second.kill();
                }
                long killedNanos = System.nanoTime();
                ChaosStream.send(kafka, EXAMPLES_A_TURN, 2 * EXAMPLES_A_TURN);

                // Then
                ChaosStream.awaitTrained(kafka, 2 * EXAMPLES_A_TURN, first::assertAlive);
                recoveries.over(killedNanos);
                ingest.assertAlive();
            }
            ChaosStream.assertProven(kafka, folder.resolve("store"));
            recoveries.print();
        }
    }
}
