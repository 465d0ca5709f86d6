package io.millrace.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.contract.Topicwise;
import io.millrace.app.produce.IngestProgress;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.store.DirectoryTree;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Ingest killed between two commits, and then started without its state: it accepts an id once, whatever it remembers it from. */
class KilledIngestIT {

    private static final String TASK = "mood";

    /** More than one record of the changelog holds. */
    private static final int IDS = 4000;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private KafkaConnection kafka;

    @Test
    void shouldAcceptAnIdOnceWhereverItsMemoryComesFrom() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            // Given: killed on its way, with a memory that was not closed, and ends with what was not committed
            kafka = broker.connection();
            ChaosStream.createTopics(kafka);
            send(IDS);
            try (ChildProcess ingest = start()) {
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
                    ingest.assertAlive();
                    assertThat(accepted()).isPositive();
                });
                ingest.kill();
            }

            // When
            send(IDS + 10);
            try (ChildProcess ingest = start()) {
                awaitThrough(ingest);
                ingest.terminate();
            }
            // And started on another machine
            DirectoryTree.delete(folder.resolve("streams"));
            send(IDS + 20);
            try (ChildProcess ingest = start()) {
                awaitThrough(ingest);
            }

            // Then
            assertThat(Topicwise.values(kafka, Topics.ACCEPTED_EXAMPLES))
                    .extracting(accepted -> accepted.example().id())
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, IDS + 20)
                            .mapToObj(Integer::toString)
                            .toList());
            assertThat(Topicwise.records(kafka, Topics.REJECTED_EXAMPLES)).isEmpty();
        }
    }

    private ChildProcess start() throws IOException {
        Path encoder = Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert")
                .toAbsolutePath();
        String yaml = "kafka: {bootstrapServers: \"" + kafka.bootstrapServers()
                + "\", properties: {session.timeout.ms: \"6000\"}}\nmetrics: {port: 0}\ningest: {stateDir: streams}\ntasks: {"
                + TASK
                + ": {labels: [bad, good], training: {encoder: " + encoder + "}}}\n";
        Path config = Files.writeString(folder.resolve("millrace.yaml"), yaml);
        return ChildProcess.service(folder.resolve("ingest.log"), "ingest", config);
    }

    /** Every example to every partition. */
    private void send(int ids) {
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), new ByteArraySerializer())) {
            for (int id = 0; id < ids; id++) {
                byte[] value = "{\"id\":\"%d\",\"text\":\"text %d\",\"label\":\"good\"}"
                        .formatted(id, id)
                        .getBytes(StandardCharsets.UTF_8);
                for (int partition = 0; partition < Topics.EXAMPLES.partitions(); partition++) {
                    var unused = producer.send(new ProducerRecord<>(Topics.EXAMPLES.name(), partition, TASK, value));
                }
            }
        }
    }

    private void awaitThrough(ChildProcess ingest) throws Exception {
        Map<Integer, Long> ends = ends(Topics.EXAMPLES.name());
        try (Admin admin = Admin.create(kafka.clientProperties());
                IngestProgress progress = new IngestProgress(kafka, admin)) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                ingest.assertAlive();
                assertThat(progress.isThrough(TASK, ends)).isTrue();
            });
        }
    }

    private long accepted() throws Exception {
        return ends(Topics.ACCEPTED_EXAMPLES.name()).values().stream()
                .mapToLong(end -> end)
                .sum();
    }

    private Map<Integer, Long> ends(String topic) throws Exception {
        Map<TopicPartition, OffsetSpec> latest = IntStream.range(0, Topics.EXAMPLES.partitions())
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        Map<Integer, Long> ends = new HashMap<>();
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get()
                    .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
        }
        return ends;
    }
}
