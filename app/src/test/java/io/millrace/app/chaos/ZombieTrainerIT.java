package io.millrace.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** A trainer that is frozen until another has taken its tasks over, and then wakes up in the middle of a step. */
@Tag("slow")
class ZombieTrainerIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** What a trainer logs whose announcement the broker has refused, because another has its tasks. */
    private static final String REFUSED = "The trainer resumes from its newest announced checkpoints";

    private static final int EXAMPLES_A_TURN = 4 * ChaosStream.BATCH_SIZE * ChaosStream.STEPS_A_CHECKPOINT;

    @TempDir
    private Path folder;

    @Test
    void shouldNotAnnounceWhatAnotherTrainerHasTrainedMeanwhile() throws Exception {
        Recoveries recoveries = new Recoveries("trainer frozen, until another has trained what it left");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            // Given
            KafkaConnection kafka = broker.connection();
            ChaosStream.createTopics(kafka);
            Path config = ChaosStream.config(folder, kafka, ChaosStream.BY_TIME_TOO);
            try (ChildProcess ingest = ChildProcess.service(folder.resolve("ingest.log"), "ingest", config);
                    ChildProcess older = ChildProcess.service(folder.resolve("older.log"), "trainer", config)) {
                ChaosStream.send(kafka, 0, EXAMPLES_A_TURN);
                await().atMost(PATIENCE)
                        .until(() -> !ChaosStream.announcements(kafka).isEmpty());
                older.freeze();

                // When
                long frozenNanos = System.nanoTime();
                try (ChildProcess younger = ChildProcess.service(folder.resolve("younger.log"), "trainer", config)) {
                    ChaosStream.awaitTrained(kafka, EXAMPLES_A_TURN, younger::assertAlive);
                    recoveries.over(frozenNanos);
                    assertThat(older.output()).doesNotContain(REFUSED);
                    older.thaw();
                    ChaosStream.send(kafka, EXAMPLES_A_TURN, 2 * EXAMPLES_A_TURN);

                    // Then
                    ChaosStream.awaitTrained(kafka, 2 * EXAMPLES_A_TURN, () -> {
                        ingest.assertAlive();
                        assertThat(younger.isAlive() || older.isAlive())
                                .as(() -> younger.output() + older.output())
                                .isTrue();
                    });
                    // It has tried: without this the test would pass if it had slept on.
                    ChaosStream.await(
                            older::assertAlive, () -> assertThat(older.output()).contains(REFUSED));
                }
                ChaosStream.assertProven(kafka, folder.resolve("store"));
                recoveries.print();
            }
        }
    }
}
