package io.millrace.ingest;

import io.millrace.ingest.seen.SeenExamples;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.errors.InvalidPartitionsException;

import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;

/**
 * The partitions of the changelog of de-duplication. Kafka Streams wants as many as there are of {@code examples} or of the internal topic,
 * whichever has more, because one part of the topology reads both, with a store for each pair. Stores beyond those of the internal topic
 * stay empty: the partition where a task is remembered never changes.
 *
 * @param needed how many Kafka Streams wants
 * @param memory how many there are; absent if it is not there yet, so that Kafka Streams creates it
 */
record SeenPartitions(int needed, OptionalInt memory) {

    /**
     * Adds those that are missing.
     *
     * @param ofTasks number of partitions in which tasks are remembered
     * @throws IllegalStateException if there are too many
     */
    static SeenPartitions fit(KafkaConnection kafka, Admin admin, int ofTasks)
            throws ExecutionException, InterruptedException {
        String changelog = kafka.named(InternalTopic.changelog(SeenExamples.STORE));
        String examples = kafka.named(Topics.EXAMPLES.name());
        int needed =
                Math.max(ofTasks, InternalTopic.partitionsOf(admin, examples).orElse(0));
        OptionalInt memory = InternalTopic.partitionsOf(admin, changelog);
        check(changelog, memory, examples, needed);
        if (memory.isEmpty() || memory.getAsInt() == needed) {
            return new SeenPartitions(needed, memory);
        }
        try {
            admin.createPartitions(Map.of(changelog, NewPartitions.increaseTo(needed)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            // By another process at the same time.
            if (!(e.getCause() instanceof InvalidPartitionsException)) {
                throw e;
            }
        }
        return new SeenPartitions(needed, OptionalInt.of(needed));
    }

    static void check(String changelog, OptionalInt memory, String examples, int needed) {
        if (memory.isPresent() && memory.getAsInt() > needed) {
            throw new IllegalStateException("topic " + changelog + " has " + memory.getAsInt()
                    + " partitions, but ingest needs " + needed
                    + ": expected equal numbers. Has topic " + examples
                    + " been made anew with fewer partitions? Give it at least as many: kafka-topics.sh --alter --topic "
                    + examples + " --partitions " + memory.getAsInt());
        }
    }
}
