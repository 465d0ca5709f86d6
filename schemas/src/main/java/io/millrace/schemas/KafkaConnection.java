package io.millrace.schemas;

import org.apache.kafka.clients.CommonClientConfigs;

import java.util.HashMap;
import java.util.Map;

/**
 * How every client reaches the broker.
 *
 * @param bootstrapServers {@code host:port} list of the brokers
 * @param properties any further Kafka client setting, as {@code security.protocol}; optional
 */
public record KafkaConnection(String bootstrapServers, Map<String, String> properties) {

    public KafkaConnection {
        if (bootstrapServers == null || bootstrapServers.isBlank()) {
            throw new IllegalArgumentException(
                    "kafka.bootstrapServers must name at least one broker as host:port, got \"" + bootstrapServers
                            + "\"");
        }
        properties = properties == null ? Map.of() : properties;
        properties.forEach((name, value) -> {
            if (value == null) {
                throw new IllegalArgumentException("kafka.properties." + name + " must have a value, got none");
            }
        });
        properties = Map.copyOf(properties);
    }

    /** A fresh, mutable map of settings for one client. */
    public Map<String, Object> clientProperties() {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return settings;
    }
}
