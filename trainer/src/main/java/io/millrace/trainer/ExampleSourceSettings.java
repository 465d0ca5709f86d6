package io.millrace.trainer;

import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.GroupProtocol;

import java.util.Map;

/** How the trainer's consumer of {@code accepted-examples} is set. What the user gives wins, except where exactly-once hangs on it. */
final class ExampleSourceSettings {

    static final String GROUP = "millrace-trainer";

    private static final int SESSION_TIMEOUT_MS = 10_000;
    private static final int HEARTBEAT_MS = 2_000;
    /** The longest that the training thread may stay away: a burst of steps and a checkpoint. */
    private static final int MAX_POLL_INTERVAL_MS = 600_000;

    private ExampleSourceSettings() {}

    static Map<String, Object> of(KafkaConnection kafka) {
        Map<String, Object> settings = kafka.serviceProperties();
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, kafka.named(GROUP));
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, kafka.named(GROUP));
        settings.putIfAbsent(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, MAX_POLL_INTERVAL_MS);
        Object protocol = settings.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
        if (protocol == null || GroupProtocol.CLASSIC.name().equalsIgnoreCase(protocol.toString())) {
            settings.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS);
            settings.putIfAbsent(
                    ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                    heartbeatMs(settings.get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG)));
            // A trainer that joins or leaves moves only the tasks that it takes or gives: the others are not loaded
            // again.
            settings.putIfAbsent(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        }
        return settings;
    }

    /** Several heartbeats must fit into a session, also into a short one that the user wants. */
    private static int heartbeatMs(Object sessionTimeout) {
        String given = sessionTimeout.toString();
        return given.matches("\\d{1,9}") ? Math.min(HEARTBEAT_MS, Integer.parseInt(given) / 3) : HEARTBEAT_MS;
    }
}
