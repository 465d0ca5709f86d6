package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.local.broker.EmbeddedBroker;
import io.millrace.local.config.ConfigFile;
import io.millrace.local.config.MillraceConfig;
import io.millrace.local.lineage.LineageCheck;
import io.millrace.local.service.LocalServices;
import io.millrace.schemas.KafkaConnection;
import io.millrace.schemas.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The broker goes away while everything runs, and comes back. */
class BrokerAwayIT {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration AWAY = Duration.ofSeconds(Long.getLong("millrace.chaos.away", 4));
    private static final int EXAMPLES = 4 * ChaosStream.BATCH_SIZE * ChaosStream.STEPS_A_CHECKPOINT;

    @TempDir
    private Path folder;

    @Test
    void shouldGoOnWithoutGapOrRepeat() throws Exception {
        // Given
        Path brokerDirectory = folder.resolve("broker");
        EmbeddedBroker broker = EmbeddedBroker.start(brokerDirectory, 0);
        KafkaConnection kafka = broker.connection();
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Topics.createMissing(admin);
        }
        MillraceConfig config = ConfigFile.read(ChaosStream.config(folder, kafka));
        try (LocalServices services = LocalServices.start(config, new SimpleMeterRegistry())) {
            ChaosStream.send(kafka, 0, EXAMPLES / 2);
            await().atMost(PATIENCE)
                    .until(() -> !ChaosStream.announcements(kafka).isEmpty());

            // When
            broker.close();
            Thread.sleep(AWAY.toMillis());
            broker = EmbeddedBroker.start(brokerDirectory, portOf(kafka));
            ChaosStream.send(kafka, EXAMPLES / 2, EXAMPLES);

            // Then
            await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
                assertThat(services.alive()).isTrue();
                assertThat(ChaosStream.trained(kafka))
                        .hasSize(ChaosStream.TASKS.size())
                        .allSatisfy((task, count) -> assertThat(count).isEqualTo(EXAMPLES));
            });
            for (String task : ChaosStream.TASKS) {
                assertThat(LineageCheck.of(kafka, config.store(), task).faults())
                        .as(task)
                        .isEmpty();
            }
        } finally {
            broker.close();
        }
    }

    private static int portOf(KafkaConnection kafka) {
        List<String> hostAndPort = List.of(kafka.bootstrapServers().split(":"));
        return Integer.parseInt(hostAndPort.get(hostAndPort.size() - 1));
    }
}
