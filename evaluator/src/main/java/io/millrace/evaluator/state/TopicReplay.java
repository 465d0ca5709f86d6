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
 * Folds whole topics into a state: from their beginning to their end as of now, and on from there at every further call.
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
     * @param topics what is read
     * @param consumer a consumer of its own that reads committed records, from the beginning, without a group
     * @param endOffsets where the topics end
     * @param state what takes the records in
     */
    public TopicReplay(List<String> topics, Consumer<String, byte[]> consumer, EndOffsets endOffsets, S state) {
        this.topics = new LinkedHashSet<>(topics);
        this.consumer = consumer;
        this.endOffsets = endOffsets;
        this.state = state;
    }

    /** A state made of records. */
    @FunctionalInterface
    interface Fold {

        /** Takes in the next record; those of one partition come in their order. */
        void apply(ConsumerRecord<String, byte[]> record);
    }

    /** The end of each partition: high watermarks, so that open transactions lie before it. */
    @FunctionalInterface
    public interface EndOffsets {

        Map<TopicPartition, Long> of(Collection<TopicPartition> partitions);
    }

    /** Reads these topics as well from now on, from their beginning. */
    public void alsoRead(List<String> more) {
        topics.addAll(more);
    }

    /**
     * The state, with everything in it that was written up to now. Committed records are read up to the high watermark,
     * which waits for the transactions that are open there: a commit returns before its records can be read, so the end
     * of what can be read may lie before a verdict that has been given already. And the end is asked for anew until
     * nothing lies between: so a transaction over several partitions is in the state as a whole or not at all.
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
