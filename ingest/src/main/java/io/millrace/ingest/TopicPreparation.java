package io.millrace.ingest;

import io.millrace.schemas.KafkaConnection;
import io.millrace.schemas.MessageLimits;
import io.millrace.schemas.Topics;
import org.apache.kafka.clients.admin.Admin;

import java.util.Map;

/** What ingest asks of the broker before its first record: that the topics are there, and how much they take. */
final class TopicPreparation {

    private TopicPreparation() {}

    /** Creates the topics that are missing and reads the limits of those that ingest writes to. */
    static OutputLimits prepare(KafkaConnection kafka) throws InterruptedException {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Topics.createMissing(admin);
            Map<String, Integer> bytes =
                    MessageLimits.read(kafka, admin, Topics.ACCEPTED_EXAMPLES, Topics.REJECTED_EXAMPLES);
            return new OutputLimits(
                    bytes.get(Topics.ACCEPTED_EXAMPLES.name()), bytes.get(Topics.REJECTED_EXAMPLES.name()));
        }
    }
}
