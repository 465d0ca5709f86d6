package io.millrace.evaluator.state;

import io.millrace.schemas.kafka.TopicReader;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Folds whole topics into a state: from their beginning to their present end, and at every further call from there to the
 * new end.
 *
 * @param <S> the state
 */
public final class TopicReplay<S extends TopicReplay.Fold> {

    private final Set<String> topics;
    private final Consumer<String, byte[]> consumer;
    private final EndOffsets endOffsets;
    private final S state;

    /**
     * A replay that has read nothing yet.
     *
     * @param topics the topics to read
     * @param consumer a consumer of its own that reads committed records, from the beginning, without a group
     * @param endOffsets gives the ends of the topics
     * @param state the state that the records are applied to
     */
    public TopicReplay(List<String> topics, Consumer<String, byte[]> consumer, EndOffsets endOffsets, S state) {
        this.topics = new LinkedHashSet<>(topics);
        this.consumer = consumer;
        this.endOffsets = endOffsets;
        this.state = state;
    }

    /** A state that is folded from records. */
    @FunctionalInterface
    interface Fold {

        /** Applies the next record. Records of one partition come in order. */
        void apply(ConsumerRecord<String, byte[]> record);
    }

    /** The end of each partition: its high watermark, so open transactions are before it. */
    @FunctionalInterface
    public interface EndOffsets {

        Map<TopicPartition, Long> of(Collection<TopicPartition> partitions);
    }

    /** Also reads these topics from now on, from their beginning. */
    public void alsoRead(List<String> more) {
        topics.addAll(more);
    }

    /**
     * The state, including everything written up to now. Reading continues up to the high watermark and so waits for open
     * transactions: a commit returns before its records are readable, so the last readable record may be older than a
     * verdict already given. The end is asked for again until nothing is left to read, so a transaction over several
     * partitions is in the state completely or not at all.
     */
    public S caughtUp() {
        consumer.assign(partitions());
        TopicReader.readTo(() -> endOffsets.of(consumer.assignment()), consumer, state::apply);
        return state;
    }

    private List<TopicPartition> partitions() {
        return topics.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }
}
