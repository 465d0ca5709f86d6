package io.millrace.app.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class EmbeddedBrokerIT {

    @TempDir
    private Path folder;

    @Test
    void shouldKeepClusterAndRecordsOverARestart() throws Exception {
        // Given
        String clusterId;
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            createTopics(broker.connection());
            clusterId = clusterId(broker.connection());
            produce(broker.connection(), true, "one".getBytes(StandardCharsets.UTF_8));
        }

        // When
        try (EmbeddedBroker again = EmbeddedBroker.start(folder, 0)) {
            produce(again.connection(), true, "two".getBytes(StandardCharsets.UTF_8));

            // Then
            assertThat(clusterId(again.connection())).isEqualTo(clusterId);
            assertThat(examples(again.connection())).containsExactly("one", "two");
        }
    }

    @Test
    void shouldGoOnWhereAKilledBrokerStopped() throws Exception {
        // Given
        Path copy = folder.resolve("copy");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("killed"), 0)) {
            createTopics(broker.connection());
            produce(broker.connection(), true, "settled".getBytes(StandardCharsets.UTF_8));
            produce(broker.connection(), false, "left open".getBytes(StandardCharsets.UTF_8));
            // The files as a kill would leave them: nothing was closed.
            copyFiles(folder.resolve("killed"), copy);
        }

        // When
        try (EmbeddedBroker again = EmbeddedBroker.start(copy, 0)) {
            produce(again.connection(), true, "after".getBytes(StandardCharsets.UTF_8));

            // Then
            await().untilAsserted(() -> assertThat(examples(again.connection())).containsExactly("settled", "after"));
        }
    }

    @Test
    void shouldTakeARecordOfTenMegabytes() throws Exception {
        // Given
        byte[] large = new byte[10_000_000];

        // When
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            createTopics(broker.connection());
            produce(broker.connection(), true, large);

            // Then: a commit is acknowledged before its marker makes it readable
            await().untilAsserted(() -> assertThat(examples(broker.connection()))
                    .singleElement()
                    .asString()
                    .hasSize(large.length));
        }
    }

    @Test
    void shouldRefuseADirectoryThatIsInUse() {
        // Given
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {

            // When
            var thrown = assertThatThrownBy(() -> EmbeddedBroker.start(folder, 0));

            // Then
            thrown.hasMessage(
                    folder + " is in use by another broker. Stop that one, or use another directory with" + " --data.");
            assertThat(broker.connection().bootstrapServers()).startsWith("127.0.0.1:");
        }
    }

    @Test
    void shouldRefuseAPortThatIsInUse() throws IOException {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {

            // When
            var thrown = assertThatThrownBy(() -> EmbeddedBroker.start(folder, taken.getLocalPort()));

            // Then
            thrown.hasMessageContaining("port " + taken.getLocalPort() + " on 127.0.0.1 is not free")
                    .hasMessageContaining("--port");
        }
    }

    /** Each round has new topics, and a producer that is told of them before their leaders serve. */
    @Test
    void shouldServeEveryTopicThatWasJustCreated() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            for (int round = 0; round < 8; round++) {
                // Given
                KafkaConnection kafka = broker.connection().withPrefix("round-" + round + "-");
                createTopics(kafka);
                Map<String, Object> settings = kafka.clientProperties();
                settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 1);
                try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
                    // When
                    for (int number = 0; number < 20; number++) {
                        var unused =
                                producer.send(new ProducerRecord<>(kafka.named(Topics.EXAMPLES.name()), new byte[1]));
                    }
                    producer.flush();

                    // Then
                    assertThat(producer.metrics().values().stream()
                                    .filter(metric -> metric.metricName().name().equals("record-retry-total")
                                            && metric.metricName().group().equals("producer-metrics"))
                                    .map(Metric::metricValue))
                            .as("records that a leader refused at first")
                            .containsExactly(0.0);
                }
            }
        }
    }

    private static void createTopics(KafkaConnection kafka) throws InterruptedException {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Topics.createMissing(kafka, admin);
        }
    }

    private static String clusterId(KafkaConnection kafka) throws Exception {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            return admin.describeCluster().clusterId().get();
        }
    }

    /** In a transaction of one and the same producer, whose next start ends what it had left open. */
    private static void produce(KafkaConnection kafka, boolean commit, byte[] value) throws Exception {
        Map<String, Object> settings = kafka.clientProperties();
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "test");
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 16 << 20);
        var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(Topics.EXAMPLES.name(), "intent", value))
                .get();
        if (commit) {
            producer.commitTransaction();
        }
        // At once: a close with patience would abort what is open, and a killed process does not.
        producer.close(Duration.ZERO);
    }

    private static List<String> examples(KafkaConnection kafka) {
        List<String> values = new ArrayList<>();
        TopicReader.readAll(
                kafka, Topics.EXAMPLES, example -> values.add(new String(example.value(), StandardCharsets.UTF_8)));
        return values;
    }

    private static void copyFiles(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }
}
