package io.millrace.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The embedded broker killed in the middle of transactions: none of them may stay open for ever, and hide what comes behind it. */
class KilledBrokerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String LOG = "storm.log";
    private static final int LONGEST_DELAY_MS = 400;

    @TempDir
    private Path folder;

    @Test
    void shouldEndEveryTransactionThatWasBegun() throws Exception {
        // Given
        SplittableRandom random = Chaos.random(KilledBrokerIT.class);
        Recoveries recoveries = new Recoveries("broker killed amid transactions, until it takes the next");
        for (int life = 0; life <= Chaos.KILLS; life++) {
            long startedNanos = System.nanoTime();
            try (ChildProcess storm = ChildProcess.startMain(
                    TransactionStorm.class, folder.resolve(LOG), folder.toString(), Integer.toString(life))) {
                String ready = TransactionStorm.READY + life;
                await().atMost(PATIENCE).until(() -> storm.output().contains(ready));
                if (life > 0) {
                    recoveries.over(startedNanos);
                }
                long before = acknowledged();
                await().atMost(PATIENCE).until(() -> acknowledged() > before);
                Thread.sleep(random.nextInt(LONGEST_DELAY_MS));
                storm.kill();
            }
        }

        // When
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            KafkaConnection kafka = broker.connection();

            // Then
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(ends(kafka, IsolationLevel.READ_COMMITTED))
                    .isEqualTo(ends(kafka, IsolationLevel.READ_UNCOMMITTED)));
            long acknowledged = acknowledged();
            Map<Integer, Long> readable = readable(kafka);
            assertThat(readable).hasSize(TransactionStorm.PARTITIONS);
            // What was committed when the kill came, and not yet acknowledged, is there in every partition or in none.
            assertThat(Set.copyOf(readable.values())).singleElement().satisfies(transactions -> assertThat(transactions)
                    .isBetween(acknowledged, acknowledged + Chaos.KILLS + 1));
        }
        recoveries.print();
    }

    /** Transactions that were acknowledged in all lives so far. */
    private long acknowledged() throws IOException {
        return Files.readString(folder.resolve(LOG))
                .lines()
                .filter(TransactionStorm.COMMITTED::equals)
                .count();
    }

    /** How many committed records each partition holds. */
    private static Map<Integer, Long> readable(KafkaConnection kafka) throws Exception {
        Map<String, Object> settings = kafka.clientProperties();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        Map<TopicPartition, Long> ends = ends(kafka, IsolationLevel.READ_COMMITTED);
        Map<Integer, Long> counts = new HashMap<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> counts.merge(record.partition(), 1L, Long::sum));
            }
        }
        return counts;
    }

    private static Map<TopicPartition, Long> ends(KafkaConnection kafka, IsolationLevel isolation) throws Exception {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            return admin
                    .listOffsets(
                            IntStream.range(0, TransactionStorm.PARTITIONS)
                                    .mapToObj(partition -> new TopicPartition(TransactionStorm.TOPIC, partition))
                                    .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest())),
                            new ListOffsetsOptions(isolation))
                    .all()
                    .get()
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, (Map.Entry<TopicPartition, ListOffsetsResultInfo> end) -> end.getValue()
                                    .offset()));
        }
    }
}
