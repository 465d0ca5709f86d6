package io.millrace.evaluator.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class TopicReplayTest {

    private static final TopicPartition FIRST = new TopicPartition("probes", 0);
    private static final TopicPartition SECOND = new TopicPartition("probes", 1);

    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Keys keys = new Keys();
    private final TopicReplay<Keys> replay =
            new TopicReplay<>(List.of("probes"), consumer, partitions -> Map.copyOf(ends), keys);

    @BeforeEach
    void twoEmptyPartitions() {
        partitions(FIRST, SECOND);
        consumer.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L));
        ends.putAll(Map.of(FIRST, 0L, SECOND, 0L));
    }

    @Test
    void shouldReadNothingOfEmptyTopics() {
        // When
        Keys state = replay.caughtUp();

        // Then
        assertThat(state.read()).isEmpty();
    }

    @Test
    void shouldReadUntilEveryPartitionHasReachedItsEnd() {
        // Given
        ends.putAll(Map.of(FIRST, 1L, SECOND, 1L));
        consumer.schedulePollTask(() -> consumer.addRecord(record(FIRST, 0, "a")));
        consumer.scheduleNopPollTask();
        consumer.schedulePollTask(() -> consumer.addRecord(record(SECOND, 0, "b")));

        // When
        Keys state = replay.caughtUp();

        // Then
        assertThat(state.read()).containsExactly("a", "b");
    }

    @Test
    void shouldGoOnWhereItStopped() {
        // Given
        ends.put(FIRST, 1L);
        consumer.schedulePollTask(() -> consumer.addRecord(record(FIRST, 0, "a")));
        replay.caughtUp();
        ends.put(FIRST, 2L);
        consumer.schedulePollTask(() -> consumer.addRecord(record(FIRST, 1, "b")));

        // When
        Keys state = replay.caughtUp();

        // Then
        assertThat(state.read()).containsExactly("a", "b");
    }

    @Test
    void shouldReadAPartitionThatIsAddedLater() {
        // Given
        replay.caughtUp();
        TopicPartition third = new TopicPartition("probes", 2);
        partitions(FIRST, SECOND, third);
        consumer.updateBeginningOffsets(Map.of(third, 0L));
        ends.put(third, 1L);
        consumer.schedulePollTask(() -> consumer.addRecord(record(third, 0, "c")));

        // When
        Keys state = replay.caughtUp();

        // Then
        assertThat(state.read()).containsExactly("c");
    }

    @Test
    void shouldStopWaitingWhenItIsWoken() {
        // Given
        ends.put(FIRST, 1L);
        consumer.schedulePollTask(consumer::wakeup);

        // When / Then
        assertThatThrownBy(replay::caughtUp).isInstanceOf(WakeupException.class);
    }

    private void partitions(TopicPartition... partitions) {
        List<PartitionInfo> infos = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            infos.add(new PartitionInfo(
                    partition.topic(), partition.partition(), Node.noNode(), new Node[0], new Node[0]));
        }
        consumer.updatePartitions("probes", infos);
    }

    private static ConsumerRecord<String, byte[]> record(TopicPartition partition, long offset, String key) {
        return new ConsumerRecord<>(partition.topic(), partition.partition(), offset, key, new byte[0]);
    }

    private record Keys(List<String> read) implements TopicReplay.Fold {

        private Keys() {
            this(new ArrayList<>());
        }

        @Override
        public void apply(ConsumerRecord<String, byte[]> record) {
            read.add(record.key());
        }
    }
}
