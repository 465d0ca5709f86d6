package io.millrace.schemas.follow;

import static io.millrace.schemas.follow.PublishedStore.TASK;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.store.DirectoryTree;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** What a receiver gets from records on {@code model-updates}. Each step is one poll, which gives one record. */
class ModelFollowerTest {

    private static final String TOPIC = "model-updates";

    @TempDir
    private Path folder;

    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final List<String> received = new ArrayList<>();
    private PublishedStore store;
    private ModelFollower follower;

    @BeforeEach
    void start() throws Exception {
        store = new PublishedStore(folder.resolve("store"));
        Files.createDirectories(store.root());
        partitions(2);
        follower = follower(model -> received.add(model.id()));
    }

    @Test
    void shouldTakeOnlyTheNewestOfWhatIsThereAndThenEveryNextOne() throws Exception {
        // Given
        written(0, TASK, store.promoted("a"));
        written(0, TASK, store.promoted("b"));
        written(0, TASK, PublishedStore.verdict(Verdict.REJECTED, "c", null));

        // When
        steps(3);
        assertThat(received).containsExactly("b");
        written(0, TASK, store.promoted("d"));
        steps(2);

        // Then
        assertThat(received).containsExactly("b", "d");
        assertThat(follower.current().orElseThrow().directory()).isEqualTo(store.directory("d"));
    }

    @Test
    void shouldGoBackToAModelThatWasRolledBackToAndNotLoadTheCurrentOneTwice() throws Exception {
        // Given
        written(0, TASK, store.promoted("a"));
        steps(1);
        written(0, TASK, store.promoted("b"));
        steps(1);

        // When
        for (int i = 0; i < 2; i++) {
            written(0, TASK, PublishedStore.verdict(Verdict.ROLLED_BACK, "a", PublishedStore.location("a")));
            steps(1);
        }

        // Then
        assertThat(received).containsExactly("a", "b", "a");
    }

    @Test
    void shouldKeepItsModelIfTheNextIsGoneOrTamperedWithAndTakeTheOneAfter() throws Exception {
        // Given
        written(0, TASK, store.promoted("a"));
        steps(1);

        // When
        written(0, TASK, store.promoted("gone"));
        DirectoryTree.delete(store.directory("gone"));
        steps(2);
        written(0, TASK, store.promoted("tampered"));
        Files.writeString(store.directory("tampered").resolve("model.safetensors"), "other weights");
        steps(2);

        // Then
        assertThat(received).containsExactly("a");
        assertThat(follower.current().orElseThrow().id()).isEqualTo("a");
        assertThat(follower.skipped()).isEqualTo(2);

        // When / Then
        written(0, TASK, store.promoted("b"));
        steps(1);
        assertThat(received).containsExactly("a", "b");
    }

    @Test
    void shouldNeverLeaveTheStore() throws Exception {
        // Given: the right weights, outside
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("model.safetensors"), "weights of a");
        Files.createSymbolicLink(store.root().resolve("link"), outside);
        Path directory = Files.createDirectories(store.directory("a"));
        Files.createSymbolicLink(directory.resolve("model.safetensors"), outside.resolve("model.safetensors"));

        // When
        for (String location : List.of("../outside", outside.toString(), "link", PublishedStore.location("a"))) {
            written(0, TASK, PublishedStore.verdict(Verdict.PROMOTED, "a", location));
            steps(1);
        }

        // Then
        assertThat(received).isEmpty();
        assertThat(follower.skipped()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "{}", "not json", "{\"verdict\":\"promoted\"}", "TOMBSTONE", "UNPUBLISHED", "FOREIGN"
            })
    void shouldCountAndPassOverAMalformedRecord(String value) throws Exception {
        // Given
        written(0, TASK, store.promoted("a"));

        // When
        switch (value) {
            case "TOMBSTONE" -> written(0, TASK, (byte[]) null);
            case "UNPUBLISHED" -> written(0, TASK, PublishedStore.verdict(Verdict.PROMOTED, "b", null));
            case "FOREIGN" -> written(
                    0,
                    TASK,
                    Json.write(store.promoted("b"))
                            .replace("\"task\":\"mood\"", "\"task\":\"news\"")
                            .getBytes(StandardCharsets.UTF_8));
            default -> written(0, TASK, value.getBytes(StandardCharsets.UTF_8));
        }
        steps(2);

        // Then
        assertThat(follower.malformed()).isEqualTo(1);
        assertThat(received).containsExactly("a");
    }

    @Test
    void shouldPassOverRecordsOfOtherTasks() throws Exception {
        // When
        written(0, "news", store.promoted("a"));
        written(0, "news", "not json".getBytes(StandardCharsets.UTF_8));
        written(0, null, store.promoted("b"));
        steps(3);

        // Then
        assertThat(received).isEmpty();
        assertThat(follower.malformed()).isZero();
    }

    @Test
    void shouldReadPartitionsThatAreAddedAndTakeTheNewestOfAll() throws Exception {
        // Given
        written(1, TASK, store.promoted("a"));
        steps(1);

        // When
        partitions(3);
        written(2, TASK, store.promoted("b"));
        steps(2);
        written(2, "news", store.promoted("c"));
        steps(1);

        // Then
        assertThat(received).containsExactly("a", "b");
    }

    @Test
    void shouldSkipAModelThatCannotBeLoaded() throws Exception {
        // Given
        follower = follower(model -> {
            if (model.id().equals("a")) {
                throw new IllegalArgumentException("config.json has no labels");
            }
            received.add(model.id());
        });

        // When
        written(0, TASK, store.promoted("a"));
        steps(2);
        assertThat(follower.current()).isEmpty();
        written(0, TASK, store.promoted("b"));
        steps(1);

        // Then
        assertThat(received).containsExactly("b");
        assertThat(follower.skipped()).isEqualTo(1);
    }

    @Test
    void shouldTryAgainAfterTheBrokerOrTheStoreWasAway() throws Exception {
        // Given
        written(0, TASK, store.promoted("a"));
        Path unmounted = folder.resolve("unmounted");
        Files.move(store.root(), unmounted);
        consumer.setPollException(new KafkaException("no broker"));

        // When
        steps(2);
        assertThat(received).isEmpty();
        Files.move(unmounted, store.root());
        steps(1);

        // Then
        assertThat(received).containsExactly("a");
        assertThat(follower.skipped()).isZero();
    }

    @Test
    void shouldEndItsThreadAndCloseTheConsumer() throws Exception {
        // Given
        CountDownLatch taken = new CountDownLatch(1);
        follower = follower(model -> taken.countDown());
        written(0, TASK, store.promoted("a"));
        follower.start();
        assertThat(taken.await(1, TimeUnit.MINUTES)).isTrue();

        // When
        follower.close();

        // Then
        assertThat(follower.terminated()).isCompleted();
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void shouldReadFromTheBeginningWhateverTheConnectionSays() {
        KafkaConnection kafka = new KafkaConnection(
                "broker:9092",
                Map.of("group.id", "mine", "auto.offset.reset", "latest", "isolation.level", "read_uncommitted"));

        assertThat(ModelFollower.settings(kafka))
                .doesNotContainKey("group.id")
                .containsEntry("auto.offset.reset", "earliest")
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("allow.auto.create.topics", false);
    }

    private ModelFollower follower(ModelReceiver receiver) {
        return new ModelFollower(consumer, TOPIC, TASK, store.root(), receiver, 1);
    }

    private void steps(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            follower.step();
        }
    }

    private void partitions(int count) {
        Node node = Node.noNode();
        consumer.updatePartitions(
                TOPIC,
                IntStream.range(0, count)
                        .mapToObj(p -> new PartitionInfo(TOPIC, p, node, new Node[0], new Node[0]))
                        .toList());
        IntStream.range(0, count).forEach(p -> ends.putIfAbsent(new TopicPartition(TOPIC, p), 0L));
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        ends.keySet().forEach(partition -> beginnings.put(partition, 0L));
        consumer.updateBeginningOffsets(beginnings);
        consumer.updateEndOffsets(ends);
    }

    private void written(int partition, @Nullable String key, ModelUpdate update) {
        written(partition, key, Json.write(update).getBytes(StandardCharsets.UTF_8));
    }

    /** A record that the next poll gives. */
    private void written(int partition, @Nullable String key, byte @Nullable [] value) {
        TopicPartition at = new TopicPartition(TOPIC, partition);
        long offset = ends.merge(at, 1L, Long::sum) - 1;
        long timestampMs = ends.values().stream().mapToLong(Long::longValue).sum();
        consumer.updateEndOffsets(ends);
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>(
                TOPIC,
                partition,
                offset,
                timestampMs,
                TimestampType.CREATE_TIME,
                0,
                0,
                key,
                value,
                new RecordHeaders(),
                Optional.empty());
        // A consumer takes records of assigned partitions only: the first poll assigns them.
        consumer.schedulePollTask(() -> consumer.addRecord(record));
    }
}
