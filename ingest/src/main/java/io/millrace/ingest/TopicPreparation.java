package io.millrace.ingest;

import io.millrace.ingest.SourceTopology.Sources;
import io.millrace.ingest.seen.SeenExamples;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.MessageLimits;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Prepares the topics before ingest's first record: creates the missing ones, reads their limits, and checks that those of
 * sources are there.
 *
 * @param limits of the topics of ingest's output
 * @param byTask the internal topic between
 * @param forLabels the internal topics of labels that come later; empty if no source has such
 */
record TopicPreparation(OutputLimits limits, InternalTopic byTask, Optional<ForLabels> forLabels) {

    private static final Logger LOG = LoggerFactory.getLogger(TopicPreparation.class);

    /**
     * The internal topics of labels that come later.
     *
     * @param byId where a text and its label meet
     * @param byTask the way of the two from there
     */
    record ForLabels(InternalTopic byId, InternalTopic byTask) {}

    /** Creates the topics that are missing and reads the limits of those that ingest writes to. */
    static TopicPreparation prepare(KafkaConnection kafka, int maxRecordBytes, Sources sources)
            throws InterruptedException {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            SourceTopics.check(admin, sources.configs());
            Topics.prepare(kafka, admin).forEach(LOG::warn);
            Map<Topic<?>, Integer> limits =
                    MessageLimits.read(kafka, admin, Topics.ACCEPTED_EXAMPLES, Topics.REJECTED_EXAMPLES);
            InternalTopic byTask = InternalTopic.prepare(
                    kafka, admin, InternalTopic.EXAMPLES_BY_TASK, SeenExamples.STORE, maxRecordBytes);
            return new TopicPreparation(
                    new OutputLimits(bytes(limits, Topics.ACCEPTED_EXAMPLES), bytes(limits, Topics.REJECTED_EXAMPLES)),
                    byTask,
                    sources.windows().isEmpty()
                            ? Optional.empty()
                            : Optional.of(forLabels(kafka, admin, byTask, maxRecordBytes)));
        }
    }

    private static ForLabels forLabels(KafkaConnection kafka, Admin admin, InternalTopic byTask, int maxRecordBytes)
            throws InterruptedException {
        ForLabels topics = new ForLabels(
                InternalTopic.prepare(kafka, admin, InternalTopic.HALVES_BY_ID, WaitingHalves.STORE, maxRecordBytes),
                InternalTopic.prepare(
                        kafka,
                        admin,
                        InternalTopic.LABELLED_BY_TASK,
                        SeenExamples.STORE,
                        maxRecordBytes,
                        OptionalInt.of(byTask.partitions())));
        if (topics.byTask().partitions() != byTask.partitions()) {
            throw new IllegalStateException("topic " + kafka.named(InternalTopic.topic(InternalTopic.LABELLED_BY_TASK))
                    + " has " + topics.byTask().partitions() + " partitions, but "
                    + kafka.named(InternalTopic.topic(InternalTopic.EXAMPLES_BY_TASK)) + " has " + byTask.partitions()
                    + ": expected equal numbers, which nobody but ingest changes. Delete the first while ingest is stopped"
                    + " and has no lag on it; ingest makes it anew.");
        }
        return topics;
    }

    /** Those with a store behind them. */
    List<InternalTopic> withStores() {
        return Stream.concat(Stream.of(byTask), forLabels.map(ForLabels::byId).stream())
                .toList();
    }

    private static int bytes(Map<Topic<?>, Integer> limits, Topic<?> topic) {
        return Objects.requireNonNull(limits.get(topic), topic.name());
    }
}
