package io.millrace.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.service.LocalServices;
import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The store's disk fills up while a checkpoint is written. The disk is a small one in memory, which only root may mount. */
class FullDiskIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int EXAMPLES = 4 * ChaosStream.BATCH_SIZE * ChaosStream.STEPS_A_CHECKPOINT;

    @TempDir
    private Path folder;

    private Path store;

    @BeforeEach
    void mount() throws Exception {
        store = Files.createDirectory(folder.resolve("store"));
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", store.toString());
        if (!mounted) {
            System.out.println("SKIPPED FullDiskIT: a small disk cannot be mounted here. Run it as root.");
        }
        assumeTrue(mounted);
    }

    @AfterEach
    void unmount() throws Exception {
        if (store != null) {
            // Lazily: files that are mapped into memory keep it busy until they are collected.
            run("umount", "-l", store.toString());
        }
    }

    @Test
    void shouldAnnounceNothingTornAndGoOnOnceThereIsRoom() throws Exception {
        Recoveries recoveries = new Recoveries("disk full, until all is trained once there is room");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            // Given
            KafkaConnection kafka = broker.connection();
            ChaosStream.createTopics(kafka);
            MillraceConfig config = MillraceConfig.read(ChaosStream.config(folder, kafka, ChaosStream.BY_STEPS_ALONE));
            ChaosStream.send(kafka, 0, EXAMPLES);

            // When
            try (LocalServices services = LocalServices.start(config, new SimpleMeterRegistry())) {
                await().atMost(PATIENCE).until(() -> !services.alive());
                assertThat(services.terminated())
                        .completesExceptionallyWithin(PATIENCE)
                        .withThrowableThat()
                        .withMessageContaining("Is the disk full, or not writable?");
            }
            run("mount", "-o", "remount,size=64m", store.toString());
            long roomNanos = System.nanoTime();

            // Then
            try (LocalServices services = LocalServices.start(config, new SimpleMeterRegistry())) {
                ChaosStream.awaitTrained(kafka, EXAMPLES, ChaosStream.running(services));
                recoveries.over(roomNanos);
            }
            ChaosStream.assertProven(kafka, store);
            recoveries.print();
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }
}
