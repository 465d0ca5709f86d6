package io.millrace.app.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.ingest.FormerIngest;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.IngestService;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which partition of {@code examples} an example comes to, and how many there are, makes no difference. */
class PartitionsIT {

    private static final Task TASK = new Task("mood", TaskKind.SINGLE, List.of("bad", "good"), 500);
    private static final String CONFLICTING = "{\"id\":\"0\",\"text\":\"other\",\"label\":\"bad\"}";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private EmbeddedBroker broker;
    private KafkaProducer<String, byte[]> producer;
    private int sent;

    @BeforeEach
    void start() throws InterruptedException {
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
        try (Admin admin = Admin.create(broker.connection().clientProperties())) {
            Topics.createMissing(broker.connection(), admin);
        }
        producer = new KafkaProducer<>(
                broker.connection().clientProperties(), new StringSerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void stop() {
        producer.close();
        broker.close();
    }

    @Test
    void shouldAcceptAnIdOnceWhicheverPartitionItComesTo() {
        // Given
        try (IngestService ingest = ingest()) {
            ingest.start();

            // When
            for (Integer partition : new Integer[] {0, null, 1, 2, 3}) {
                send(partition, 0, 24);
                awaitReceived(ingest);
            }
            sent++;
            var unused =
                    producer.send(new ProducerRecord<>(Topics.EXAMPLES.name(), 1, TASK.name(), bytes(CONFLICTING)));
            awaitReceived(ingest);
        }

        // Then
        List<ConsumerRecord<String, byte[]>> accepted = Topicwise.records(kafka(), Topics.ACCEPTED_EXAMPLES);
        assertThat(accepted).hasSize(24);
        assertThat(accepted.stream().map(ConsumerRecord::partition).distinct()).hasSize(1);
        assertThat(Topicwise.values(kafka(), Topics.ACCEPTED_EXAMPLES))
                .extracting(AcceptedExample::origin)
                .allMatch(origin -> origin.topic().equals("examples") && origin.partition() == 0)
                .extracting(origin -> origin.offset())
                .containsExactlyElementsOf(
                        IntStream.range(0, 24).mapToObj(Long::valueOf).toList());
        assertThat(Topicwise.records(kafka(), Topics.REJECTED_EXAMPLES))
                .singleElement()
                .satisfies(rejected -> {
                    assertThat(rejected.value()).isEqualTo(bytes(CONFLICTING));
                    assertThat(Topicwise.header(rejected, RejectionHeaders.REASON))
                            .isEqualTo("conflicting-id");
                    assertThat(Topicwise.header(rejected, RejectionHeaders.PARTITION))
                            .isEqualTo("1");
                });
    }

    @Test
    void shouldGoOnWithPartitionsThatAreAddedWhileItRunsAndWhileItDoesNot() throws Exception {
        // Given
        try (IngestService ingest = ingest()) {
            ingest.start();
            IntStream.range(0, 4).forEach(partition -> send(partition, 10 * partition, 10));
            awaitAccepted(ingest, 40);

            // When
            grow(8);
            IntStream.range(0, 8).forEach(partition -> send(partition, 10 * partition, 10));
            awaitAccepted(ingest, 80);
        }
        grow(12);
        try (IngestService ingest = ingest()) {
            ingest.start();
            IntStream.range(0, 12).forEach(partition -> send(partition, 10 * partition, 10));
            awaitAccepted(ingest, 120);
        }

        // Then
        assertThat(acceptedIds()).containsExactlyInAnyOrderElementsOf(ids(120));
        assertThat(Topicwise.records(kafka(), Topics.REJECTED_EXAMPLES)).isEmpty();
    }

    @Test
    void shouldRememberWhatAnInstallationWithoutTheInternalTopicHasSeen() throws Exception {
        // Given
        try (KafkaStreams before = FormerIngest.streams(kafka(), config(), TASK)) {
            before.start();
            send(null, 0, 40);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(acceptedIds()).hasSize(40));
        }

        // When
        try (IngestService ingest = ingest()) {
            ingest.start();
            send(null, 0, 60);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(ingest.terminated()).isNotDone();
                assertThat(settled()).isEqualTo(60);
            });
        }

        // Then
        assertThat(acceptedIds()).containsExactlyInAnyOrderElementsOf(ids(60));
    }

    private IngestService ingest() {
        // New partitions are found when the client looks again, by default after five minutes.
        KafkaConnection kafka = new KafkaConnection(kafka().bootstrapServers(), Map.of("metadata.max.age.ms", "500"));
        return new IngestService(kafka, config(), List.of(TASK), metrics);
    }

    private IngestConfig config() {
        return new IngestConfig(directory.resolve("streams"), null, null);
    }

    private KafkaConnection kafka() {
        return broker.connection();
    }

    /** {@code partition}: null for that of Java's partitioner. */
    private void send(Integer partition, int first, int count) {
        for (int i = first; i < first + count; i++) {
            byte[] value = bytes("{\"id\":\"%d\",\"text\":\"text %d\",\"label\":\"good\"}".formatted(i, i));
            sent++;
            var unused = producer.send(new ProducerRecord<>(Topics.EXAMPLES.name(), partition, TASK.name(), value));
        }
        producer.flush();
    }

    private void grow(int partitions) throws Exception {
        try (Admin admin = Admin.create(kafka().clientProperties())) {
            admin.createPartitions(Map.of(Topics.EXAMPLES.name(), NewPartitions.increaseTo(partitions)))
                    .all()
                    .get();
        }
        await().atMost(PATIENCE).untilAsserted(() -> {
            try (var another = new KafkaProducer<>(
                    kafka().clientProperties(), new StringSerializer(), new ByteArraySerializer())) {
                assertThat(another.partitionsFor(Topics.EXAMPLES.name())).hasSize(partitions);
            }
        });
    }

    private void awaitReceived(IngestService ingest) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(ingest.terminated()).isNotDone();
            assertThat(settled()).isEqualTo(sent);
        });
    }

    /** For a service whose threads are replaced: what such a thread had not committed is counted again. */
    private void awaitAccepted(IngestService ingest, int expected) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(ingest.terminated()).isNotDone();
            assertThat(settled()).isGreaterThanOrEqualTo(sent);
            assertThat(acceptedIds()).hasSize(expected);
        });
    }

    /** Over all services of this test, which share the meters. */
    private int settled() {
        return (int) Stream.of("accepted", "rejected", "duplicate")
                .flatMap(name -> metrics.find("millrace.ingest." + name).counters().stream())
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private List<String> acceptedIds() {
        return Topicwise.values(kafka(), Topics.ACCEPTED_EXAMPLES).stream()
                .map(accepted -> accepted.example().id())
                .toList();
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
