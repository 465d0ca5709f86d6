package io.millrace.app.chaos;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.service.LocalServices;
import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;

/** All services work over connections that are slow, break again and again, and fall silent for a while. */
abstract class BadNetworkContract {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration PER_CHUNK = Duration.ofMillis(20);
    private static final int CUTS = 5;
    private static final int EXAMPLES = 2 * ChaosStream.BATCH_SIZE * ChaosStream.STEPS_A_CHECKPOINT;

    @TempDir
    Path folder;

    private Detour detour;

    @BeforeEach
    void openDetour() throws IOException {
        detour = Detour.open();
    }

    @AfterEach
    void closeDetour() throws IOException {
        detour.close();
    }

    /**
     * Starts a broker that was never used before and tells its clients to connect to 127.0.0.1.
     *
     * @param advertisedPort the port that it names to them
     * @return the port of 127.0.0.1 where it listens
     */
    abstract int start(int advertisedPort) throws Exception;

    @Test
    void shouldTrainEveryExampleOnceOverSlowAndBrokenConnections() throws Exception {
        // Given
        detour.leadTo(start(detour.port()));
        KafkaConnection kafka = new KafkaConnection("127.0.0.1:" + detour.port(), Map.of());
        ChaosStream.createTopics(kafka);
        MillraceConfig config = MillraceConfig.read(ChaosStream.config(folder, kafka, ChaosStream.BY_TIME_TOO));
        Recoveries recoveries =
                new Recoveries(getClass().getSimpleName() + ": slow, cut and silent connections, until all is trained");
        SplittableRandom random = Chaos.random(getClass());
        try (LocalServices services = LocalServices.start(config, new SimpleMeterRegistry())) {
            ChaosStream.send(kafka, 0, EXAMPLES / 2);
            await().atMost(PATIENCE)
                    .until(() -> !ChaosStream.announcements(kafka).isEmpty());

            // When
            detour.slowDown(PER_CHUNK);
            for (int cut = 0; cut < CUTS; cut++) {
                Thread.sleep(random.nextLong(100, 700));
                detour.cut();
            }
            detour.slowDown(Duration.ZERO);
            detour.fallSilent();
            Thread.sleep(Duration.ofSeconds(Chaos.AWAY_SECONDS).toMillis());
            detour.speak();
            long goodAgainNanos = System.nanoTime();
            ChaosStream.send(kafka, EXAMPLES / 2, EXAMPLES);

            // Then
            ChaosStream.awaitTrained(kafka, EXAMPLES, ChaosStream.running(services));
            recoveries.over(goodAgainNanos);
            ChaosStream.await(ChaosStream.running(services), () -> ChaosStream.assertOneVerdictEach(kafka));
        }
        ChaosStream.assertProven(kafka, config.store());
        recoveries.print();
    }
}
