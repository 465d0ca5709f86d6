package io.millrace.ingest;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.MessageLimits;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.Objects;

/**
 * Prepares the topics before ingest's first record: creates the missing ones and reads their limits.
 *
 * @param limits of the topics of ingest's output
 * @param byTask the internal topic between
 */
record TopicPreparation(OutputLimits limits, TaskTopic byTask) {

    private static final Logger LOG = LoggerFactory.getLogger(TopicPreparation.class);

    /** Creates the topics that are missing and reads the limits of those that ingest writes to. */
    static TopicPreparation prepare(KafkaConnection kafka, int maxRecordBytes) throws InterruptedException {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Topics.prepare(kafka, admin).forEach(LOG::warn);
            Map<Topic<?>, Integer> limits =
                    MessageLimits.read(kafka, admin, Topics.ACCEPTED_EXAMPLES, Topics.REJECTED_EXAMPLES);
            return new TopicPreparation(
                    new OutputLimits(bytes(limits, Topics.ACCEPTED_EXAMPLES), bytes(limits, Topics.REJECTED_EXAMPLES)),
                    TaskTopic.prepare(kafka, admin, maxRecordBytes));
        }
    }

    private static int bytes(Map<Topic<?>, Integer> limits, Topic<?> topic) {
        return Objects.requireNonNull(limits.get(topic), topic.name());
    }
}
