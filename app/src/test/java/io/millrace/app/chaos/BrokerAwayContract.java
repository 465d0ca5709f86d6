package io.millrace.app.chaos;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.service.LocalServices;
import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** The broker goes away while everything runs, and comes back. */
abstract class BrokerAwayContract {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int EXAMPLES = 4 * ChaosStream.BATCH_SIZE * ChaosStream.STEPS_A_CHECKPOINT;

    @TempDir
    Path folder;

    /** A broker that was never used before; called once a test. */
    abstract KafkaConnection start() throws Exception;

    abstract void goAway() throws Exception;

    /** At the same address. */
    abstract void comeBack() throws Exception;

    @Test
    void shouldGoOnWithoutGapOrRepeat() throws Exception {
        // Given
        KafkaConnection kafka = start();
        ChaosStream.createTopics(kafka);
        MillraceConfig config = MillraceConfig.read(ChaosStream.config(folder, kafka, ChaosStream.BY_TIME_TOO));
        Recoveries recoveries = new Recoveries(
                getClass().getSimpleName() + ": broker away for " + Chaos.AWAY_SECONDS + " s, until all is trained");
        try (LocalServices services = LocalServices.start(config, new SimpleMeterRegistry())) {
            ChaosStream.send(kafka, 0, EXAMPLES / 2);
            await().atMost(PATIENCE)
                    .until(() -> !ChaosStream.announcements(kafka).isEmpty());

            // When
            goAway();
            Thread.sleep(Duration.ofSeconds(Chaos.AWAY_SECONDS).toMillis());
            comeBack();
            long backNanos = System.nanoTime();
            ChaosStream.send(kafka, EXAMPLES / 2, EXAMPLES);

            // Then
            ChaosStream.awaitTrained(kafka, EXAMPLES, ChaosStream.running(services));
            recoveries.over(backNanos);
            ChaosStream.await(ChaosStream.running(services), () -> ChaosStream.assertOneVerdictEach(kafka));
        }
        ChaosStream.assertProven(kafka, config.store());
        recoveries.print();
    }
}
