package io.millrace.app.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.IngestService;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.TrainerService;
import io.millrace.trainer.config.BatchingConfig;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** What only a broker can show: records as large as it takes, and many that name what nobody knows. */
class HostileRecordsIT {

    private static final int MAX_BATCH_BYTES = 16 << 20;
    private static final int STRANGERS = 2000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Task TASK = new Task("topics", TaskKind.SINGLE, List.of(), NewLabels.GROW, 10_000, 0.5, 500);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @TempDir
    Path directory;

    @Test
    void shouldAccountForTheLargestRecordAndForManyStrangersAndGoOn() throws Exception {
        // Given
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
                IngestService ingest = new IngestService(
                        broker.connection(),
                        new IngestConfig(directory.resolve("streams"), null, null),
                        List.of(TASK),
                        metrics);
                KafkaProducer<String, byte[]> producer = producer(broker.connection())) {
            ingest.start();
            long meters = meters();

            // When
            int largest = sendLargest(producer);
            for (int i = 0; i < STRANGERS; i++) {
                send(producer, "stranger-" + i, example(i));
                send(producer, TASK.name(), example(i));
            }
            producer.flush();
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(ingest.terminated()).isNotDone();
                assertThat(count("millrace.ingest.received")).isEqualTo(1 + 2 * STRANGERS);
                assertThat(Topicwise.records(broker.connection(), Topics.ACCEPTED_EXAMPLES))
                        .hasSize(STRANGERS);
            });

            // Then
            assertThat(meters()).isEqualTo(meters);
            assertThat(count("millrace.ingest.accepted")).isEqualTo(STRANGERS);
            List<ConsumerRecord<String, byte[]>> rejected =
                    Topicwise.records(broker.connection(), Topics.REJECTED_EXAMPLES);
            assertThat(rejected).hasSize(1 + STRANGERS);
            assertThat(rejected)
                    .filteredOn(record -> "too-large".equals(reason(record)))
                    .singleElement()
                    .satisfies(record -> {
                        assertThat(record.value()).hasSizeBetween(largest - 1000, largest - 1);
                        assertThat(Topicwise.header(record, RejectionHeaders.MESSAGE))
                                .contains("(cut: see the record");
                        assertThat(record.headers()).hasSize(5);
                    });
            assertThat(rejected)
                    .filteredOn(record -> "unknown-task".equals(reason(record)))
                    .hasSize(STRANGERS)
                    .allSatisfy(record ->
                            assertThat(Topicwise.header(record, "ce_type")).isNull());
        }
    }

    @Test
    void shouldRejectATextThatIsSmallOnTheWireAloneAndGoOn() throws Exception {
        // Given
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
                TrainerService trainer = new TrainerService(
                        broker.connection(),
                        directory.resolve("store"),
                        List.of(readerOfTexts()),
                        new SimpleMeterRegistry());
                KafkaProducer<String, byte[]> producer = gzipProducer(broker.connection())) {
            try (Admin admin = Admin.create(broker.connection().clientProperties())) {
                Topics.createMissing(broker.connection(), admin);
            }

            // When
            sendBlankText(producer, 2 << 20);
            sendBlankText(producer, 17 << 20);
            trainer.start();
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(trainer.terminated()).isNotDone();
                trainer.drain();
                assertThat(Topicwise.records(broker.connection(), Topics.REJECTED_EXAMPLES))
                        .hasSize(2);
            });

            // Then
            List<ConsumerRecord<String, byte[]>> rejected =
                    Topicwise.records(broker.connection(), Topics.REJECTED_EXAMPLES);
            assertThat(rejected).allSatisfy(record -> {
                assertThat(record.key()).isEqualTo(TASK.name());
                assertThat(reason(record)).isEqualTo("invalid-json");
                assertThat(Topicwise.header(record, RejectionHeaders.TOPIC)).isEqualTo("texts");
            });
            assertThat(rejected)
                    .extracting(record -> Topicwise.header(record, RejectionHeaders.OFFSET))
                    .containsExactly("0", "1");
            assertThat(rejected.get(0).value()).hasSizeGreaterThan(2 << 20);
            assertThat(rejected.get(1).value()).hasSizeBetween(MAX_BATCH_BYTES - 1000, MAX_BATCH_BYTES);
            assertThat(Topicwise.header(rejected.get(1), RejectionHeaders.MESSAGE))
                    .contains("(cut: see the record");
        }
    }

    private static TrainedTask readerOfTexts() {
        Path encoder = Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert");
        BatchingConfig batching = new BatchingConfig(8, 16, 0.5, null);
        return new TrainedTask(
                TASK, TrainingConfigs.plain(encoder).withBatching(batching).build());
    }

    private static void sendBlankText(KafkaProducer<String, byte[]> producer, int blanks) throws Exception {
        String text = "{\"id\":\"x\",\"text\":\"" + " ".repeat(blanks) + "\"}";
        producer.send(new ProducerRecord<>(Topics.TEXTS.name(), TASK.name(), text.getBytes(UTF_8)))
                .get();
    }

    private static KafkaProducer<String, byte[]> gzipProducer(KafkaConnection kafka) {
        Map<String, Object> settings = new HashMap<>(kafka.clientProperties());
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 * MAX_BATCH_BYTES);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip");
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    /** Sends the largest record that the broker takes, found from above, and says how long its value is. */
    private static int sendLargest(KafkaProducer<String, byte[]> producer) throws InterruptedException {
        for (int bytes = MAX_BATCH_BYTES; ; bytes -= 8) {
            try {
                producer.send(new ProducerRecord<>(Topics.EXAMPLES.name(), TASK.name(), new byte[bytes]))
                        .get();
                return bytes;
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(RecordTooLargeException.class);
            }
        }
    }

    private static void send(KafkaProducer<String, byte[]> producer, String key, byte[] value) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topics.EXAMPLES.name(), key, value);
        record.headers().add(RejectionHeaders.REASON, "forged".getBytes(UTF_8));
        record.headers().add("ce_type", "io.millrace.model-update.promoted".getBytes(UTF_8));
        var unused = producer.send(record);
    }

    private static byte[] example(int i) {
        return "{\"id\":\"%d\",\"text\":\"text %d\",\"label\":\"label %d\"}"
                .formatted(i, i, i)
                .getBytes(UTF_8);
    }

    private static KafkaProducer<String, byte[]> producer(KafkaConnection kafka) {
        Map<String, Object> settings = new HashMap<>(kafka.clientProperties());
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 * MAX_BATCH_BYTES);
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    private static String reason(ConsumerRecord<?, ?> record) {
        return Topicwise.header(record, RejectionHeaders.REASON);
    }

    /** Those of Millrace; Kafka's own come when its clients are ready. */
    private long meters() {
        return metrics.getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith("millrace."))
                .count();
    }

    private double count(String name) {
        return metrics.find(name).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
