package io.millrace.ingest;

import io.millrace.ingest.source.SourceConfig;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

/** The topics of sources. They belong to others, so that nothing is created or altered: they are only looked for. */
public final class SourceTopics {

    private SourceTopics() {}

    /**
     * Checks that all are there and may be seen.
     *
     * @throws IllegalStateException if one is not; the message names it
     */
    public static void check(Admin admin, Map<String, SourceConfig> sources) throws InterruptedException {
        for (Map.Entry<String, SourceConfig> source : sources.entrySet()) {
            Map<String, KafkaFuture<TopicDescription>> described =
                    admin.describeTopics(source.getValue().topics().toList()).topicNameValues();
            for (Map.Entry<String, KafkaFuture<TopicDescription>> topic : described.entrySet()) {
                try {
                    topic.getValue().get();
                } catch (ExecutionException e) {
                    throw fault(source.getKey(), topic.getKey(), Objects.requireNonNullElse(e.getCause(), e));
                }
            }
        }
    }

    private static IllegalStateException fault(String source, String topic, Throwable cause) {
        String what = "sources." + source + ": topic " + topic;
        if (cause instanceof UnknownTopicOrPartitionException) {
            return new IllegalStateException(
                    what
                            + " is not there. Ingest does not create topics of others: correct its name, or create it. Their"
                            + " names are whole, without kafka.prefix.",
                    cause);
        }
        if (cause instanceof TopicAuthorizationException) {
            return new IllegalStateException(
                    what + " may not be read by this user. Grant READ on it, as docs/security.md says.", cause);
        }
        return new IllegalStateException(what + " cannot be looked for: " + cause.getMessage(), cause);
    }
}
