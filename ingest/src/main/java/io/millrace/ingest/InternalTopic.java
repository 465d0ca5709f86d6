package io.millrace.ingest;

import io.millrace.ingest.seen.SeenExamples;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * An internal topic: the way of records to the partition where their key is remembered, whichever partition the client chose and
 * however many partitions its topic has. It keeps the number of its partitions, because what is remembered of a key could not move to
 * another one. The store behind it has as many; that of de-duplication also has those of {@code examples}, see {@link SeenPartitions}.
 *
 * @param store name of the store behind it
 * @param partitions number of its partitions
 * @param unused those whose store is empty
 */
record InternalTopic(String store, int partitions, Set<Integer> unused) {

    /** Valid examples on their way to the partition of their task. The names of Kafka Streams have none of the prefix. */
    static final String EXAMPLES_BY_TASK = "examples-by-task";

    /** Examples whose label came later, on the same way. */
    static final String LABELLED_BY_TASK = "labelled-by-task";

    /** Texts and labels on their way to the partition of their id. */
    static final String HALVES_BY_ID = "halves-by-id";

    /** The topic that Kafka Streams knows by this name. */
    static String topic(String streamsName) {
        return IngestService.APPLICATION_ID + "-" + streamsName + "-repartition";
    }

    /** The memory of a store. */
    static String changelog(String store) {
        return IngestService.APPLICATION_ID + "-" + store + "-changelog";
    }

    /** For origin, key, headers and frame beside a value of {@code ingest.maxRecordBytes}. */
    static final int HEADROOM_BYTES = 64 << 10;

    /** As {@code examples} takes, so that {@code ingest.maxRecordBytes} can be raised without a change here. */
    private static final int USUAL_BYTES = 16 << 20;

    /**
     * Creates the topic if it is not there yet, and checks it.
     *
     * @param kafka the broker; {@code accepted-examples} must be there
     * @param admin a client of it
     * @param streamsName its name for Kafka Streams
     * @param store the store behind it
     * @param maxRecordBytes longest value that is read
     * @throws IllegalStateException if it does not fit its store or takes too little
     */
    static InternalTopic prepare(
            KafkaConnection kafka, Admin admin, String streamsName, String store, int maxRecordBytes)
            throws InterruptedException {
        return prepare(kafka, admin, streamsName, store, maxRecordBytes, OptionalInt.empty());
    }

    /** {@code partitionsIfNew}: how many it is created with; if absent, as many as the store or {@code accepted-examples} has. */
    static InternalTopic prepare(
            KafkaConnection kafka,
            Admin admin,
            String streamsName,
            String store,
            int maxRecordBytes,
            OptionalInt partitionsIfNew)
            throws InterruptedException {
        String name = kafka.named(topic(streamsName));
        String changelog = kafka.named(changelog(store));
        try {
            OptionalInt memory = partitionsOf(admin, changelog);
            OptionalInt present = partitionsOf(admin, name);
            int partitions;
            if (present.isPresent()) {
                partitions = present.getAsInt();
                checkSize(admin, name, bytes(maxRecordBytes));
            } else if (partitionsIfNew.isPresent()) {
                partitions = partitionsIfNew.getAsInt();
            } else {
                partitions = memory.isPresent()
                        ? memory.getAsInt()
                        : partitionsOf(admin, kafka.named(Topics.ACCEPTED_EXAMPLES.name()))
                                .orElseThrow();
            }
            if (store.equals(SeenExamples.STORE)) {
                memory = SeenPartitions.fit(kafka, admin, partitions).memory();
            } else {
                checkPartitions(name, partitions, changelog, memory);
            }
            if (present.isEmpty()) {
                create(admin, name, partitions, room(maxRecordBytes));
            }
            if (memory.isPresent() && store.equals(WaitingHalves.STORE)) {
                checkSize(admin, changelog, bytes(maxRecordBytes));
            }
            return new InternalTopic(store, partitions, unused(admin, changelog, memory.orElse(0)));
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IllegalStateException(
                    "cannot prepare the internal topic " + name + ": " + cause.getMessage(), cause);
        }
    }

    /** What a topic takes that is created for records of up to {@code maxRecordBytes}. */
    static int room(int maxRecordBytes) {
        return Math.max(USUAL_BYTES, bytes(maxRecordBytes));
    }

    /** The largest record that ingest sends to it. */
    static int bytes(int maxRecordBytes) {
        return maxRecordBytes + HEADROOM_BYTES;
    }

    static void checkPartitions(String name, int present, String changelog, OptionalInt memory) {
        if (memory.isPresent() && memory.getAsInt() != present) {
            throw new IllegalStateException("topic " + name + " has " + present + " partitions, but " + changelog
                    + " has "
                    + memory.getAsInt() + ": expected equal numbers, which nobody but ingest changes. Delete topic "
                    + name + " while ingest is stopped and has no lag on it; ingest makes it anew.");
        }
    }

    private static void checkSize(Admin admin, String name, int needed)
            throws ExecutionException, InterruptedException {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        Config config = Objects.requireNonNull(
                admin.describeConfigs(List.of(topic)).all().get().get(topic), name);
        int taken = Integer.parseInt(
                config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
        if (taken < needed) {
            throw new IllegalStateException("max.message.bytes of topic " + name + " must be at least " + needed
                    + " with ingest.maxRecordBytes " + (needed - HEADROOM_BYTES) + ", got " + taken
                    + ". Run kafka-configs.sh --alter --entity-type topics --entity-name " + name
                    + " --add-config max.message.bytes=" + needed);
        }
    }

    private static Set<Integer> unused(Admin admin, String changelog, int partitions)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            ends.put(new TopicPartition(changelog, partition), OffsetSpec.latest());
        }
        return admin.listOffsets(ends).all().get().entrySet().stream()
                .filter(end -> end.getValue().offset() == 0)
                .map(end -> end.getKey().partition())
                .collect(Collectors.toSet());
    }

    static OptionalInt partitionsOf(Admin admin, String topic) throws ExecutionException, InterruptedException {
        KafkaFuture<TopicDescription> description = Objects.requireNonNull(
                admin.describeTopics(List.of(topic)).topicNameValues().get(topic), topic);
        try {
            return OptionalInt.of(description.get().partitions().size());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return OptionalInt.empty();
            }
            throw e;
        }
    }

    /** Kafka Streams deletes processed records. Until then none may be lost, however long ingest is down. */
    private static void create(Admin admin, String name, int partitions, int maxBytes)
            throws ExecutionException, InterruptedException {
        NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty())
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        "-1",
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        "CreateTime",
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(maxBytes)));
        try {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            // By another process that starts at the same time.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }
}
