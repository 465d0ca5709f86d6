package io.millrace.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.app.MillraceMain;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The checks against a real broker: before its topics, with them, and with one that loses what must be kept. */
class DoctorIT {

    @TempDir
    private Path folder;

    @Test
    void shouldFollowABrokerFromEmptyToMisconfiguredWithoutChangingIt() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
                Admin admin = Admin.create(broker.connection().clientProperties())) {
            KafkaConnection kafka = broker.connection();

            // When there are no topics
            assertThat(check(kafka))
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .startsWith("ok    broker: " + kafka.bootstrapServers() + " answers"),
                            line -> assertThat(line)
                                    .startsWith("warn  topics: missing")
                                    .contains("examples, texts, probes"));
            assertThat(admin.listTopics().names().get()).isEmpty();

            // When there are all
            Topics.createMissing(kafka, admin);
            await().untilAsserted(() -> assertThat(check(kafka))
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("ok    broker: "),
                            line -> assertThat(line).isEqualTo("ok    topics: all 12 are there"),
                            line -> assertThat(line).startsWith("ok    topic configuration: "),
                            line -> assertThat(line)
                                    .startsWith("ok    rights: on the topics enough for every command")));

            // When one would lose records
            ConfigResource checkpoints = new ConfigResource(ConfigResource.Type.TOPIC, Topics.CHECKPOINTS.name());
            AlterConfigOp shorter = new AlterConfigOp(
                    new ConfigEntry(TopicConfig.RETENTION_MS_CONFIG, "1000000"), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(checkpoints, List.of(shorter)))
                    .all()
                    .get();
            await().untilAsserted(() -> assertThat(check(kafka)).anySatisfy(line -> assertThat(line)
                    .startsWith("FAIL  topic configuration: ")
                    .contains("topic checkpoints: retention.ms must be -1, got 1000000", "kafka-configs.sh")));
        }
    }

    @Test
    void shouldExitWithOneOnADeviceThatIsMissing() throws IOException {
        // Given
        String encoder = System.getProperty("millrace.root") + "/app/src/main/resources/io/millrace/app/demo/encoder";
        Path file = Files.writeString(
                folder.resolve("millrace.yaml"),
                """
                kafka: {bootstrapServers: "127.0.0.1:9092", properties: {security.protocol: SECRET}}
                tasks:
                  mood:
                    labels: [bad, good]
                    training: {encoder: %s, compute: {device: "cuda:99"}}
                """
                        .formatted(encoder));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();

        // When
        int exitCode = MillraceMain.run(
                new PrintWriter(out, true), new PrintWriter(err, true), "doctor", "--config", file.toString());

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString().lines())
                .allMatch(line -> line.matches("(ok  |warn|FAIL)  \\S.*"))
                .anyMatch(line -> line.startsWith("ok    native library: PyTorch "))
                .anyMatch(line -> line.startsWith("ok    encoder of task mood: "))
                .filteredOn(line -> line.startsWith("FAIL"))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("FAIL  device: tasks.mood.training.compute.device is cuda:99, but PyTorch"),
                        line -> assertThat(line).startsWith("FAIL  broker: cannot make a Kafka client"));
    }

    private static List<String> check(KafkaConnection kafka) throws InterruptedException {
        return new BrokerChecks(kafka).run().stream().map(Finding::line).toList();
    }
}
