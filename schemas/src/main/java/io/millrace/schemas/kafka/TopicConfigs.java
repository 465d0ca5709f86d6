package io.millrace.schemas.kafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

/** Checks that existing topics are configured as Millrace needs. */
final class TopicConfigs {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Admin admin;

    TopicConfigs(Admin admin) {
        this.admin = admin;
    }

    /**
     * Checks the configuration of existing topics.
     *
     * @return what is wrong without losing anything that is needed, and what could not be checked: a sentence each
     * @throws IllegalStateException if anything else is wrong; it names all of it
     */
    List<String> check(List<Topic<?>> topics) throws InterruptedException, ExecutionException {
        TopicFaults found = examine(topics);
        if (found.severe()) {
            throw new IllegalStateException(
                    "topics do not keep what must be kept: " + TopicFault.describe(found.faults(), broker()));
        }
        List<String> notes = new ArrayList<>();
        if (!found.faults().isEmpty()) {
            notes.add(TopicFault.describe(found.faults(), broker()));
        }
        if (!found.hidden().isEmpty()) {
            notes.add("cannot check how the topics " + String.join(", ", found.hidden())
                    + " are configured: this user needs DESCRIBE_CONFIGS on them");
        }
        return notes;
    }

    /** The faults of existing topics, the severe ones first. */
    TopicFaults examine(List<Topic<?>> topics) throws InterruptedException, ExecutionException {
        List<TopicFault> severe = new ArrayList<>();
        List<TopicFault> slight = new ArrayList<>();
        List<String> hidden = new ArrayList<>();
        for (Map.Entry<Topic<?>, KafkaFuture<Config>> described :
                describe(topics).entrySet()) {
            Topic<?> topic = described.getKey();
            try {
                for (TopicFault fault : TopicFault.of(topic, values(topic, described.getValue()))) {
                    (fault.severe() ? severe : slight).add(fault);
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof AuthorizationException)) {
                    throw e;
                }
                hidden.add(topic.name());
            }
        }
        severe.addAll(slight);
        return new TopicFaults(severe, hidden);
    }

    private Map<Topic<?>, KafkaFuture<Config>> describe(List<Topic<?>> topics) {
        Map<ConfigResource, KafkaFuture<Config>> described = admin.describeConfigs(
                        topics.stream().map(TopicConfigs::resource).toList())
                .values();
        Map<Topic<?>, KafkaFuture<Config>> byTopic = new LinkedHashMap<>();
        topics.forEach(
                topic -> byTopic.put(topic, Objects.requireNonNull(described.get(resource(topic)), topic.name())));
        return byTopic;
    }

    private Map<String, String> values(Topic<?> topic, KafkaFuture<Config> first)
            throws InterruptedException, ExecutionException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        KafkaFuture<Config> described = first;
        while (true) {
            try {
                Map<String, String> values = new HashMap<>();
                for (ConfigEntry entry : described.get().entries()) {
                    values.put(entry.name(), entry.value());
                }
                return values;
            } catch (ExecutionException e) {
                // The controller has created the topic, but this broker may not have heard of it yet.
                boolean young = e.getCause() instanceof UnknownTopicOrPartitionException;
                if (!young || System.nanoTime() > deadlineNanos) {
                    throw e;
                }
                Thread.sleep(PAUSE.toMillis());
                described = Objects.requireNonNull(describe(List.of(topic)).get(topic), topic.name());
            }
        }
    }

    private String broker() throws InterruptedException, ExecutionException {
        Node node = admin.describeCluster().nodes().get().iterator().next();
        return node.host() + ":" + node.port();
    }

    private static ConfigResource resource(Topic<?> topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }
}
