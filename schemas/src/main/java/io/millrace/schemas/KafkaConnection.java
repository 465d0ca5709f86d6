package io.millrace.schemas;

import org.apache.kafka.clients.CommonClientConfigs;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * How every client reaches the broker.
 *
 * @param bootstrapServers {@code host:port} list of the brokers
 * @param properties any further Kafka client setting, as {@code security.protocol}; optional. A secret is better referred to than
 *     written: <code>${env:NAME}</code>, <code>${file:PATH:KEY}</code>, <code>${dir:PATH:FILE}</code>
 */
public record KafkaConnection(String bootstrapServers, Map<String, String> properties) {

    private static final int BROKER_AWAY_MS = 300_000;

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

    /**
     * A fresh, mutable map of settings for one client. What is referred to is not in it: the client reads it.
     *
     * @throws IllegalArgumentException if a property refers to what is not there
     */
    public Map<String, Object> clientProperties() {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.putAll(SecretReferences.providers(properties));
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        SecretReferences.check(properties, settings);
        return settings;
    }

    /**
     * The same for the clients of a service while it runs: they wait five minutes for a broker that is away, where Kafka gives
     * up after one. What the user sets goes first.
     */
    public Map<String, Object> serviceProperties() {
        Map<String, Object> settings = clientProperties();
        settings.putIfAbsent(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, BROKER_AWAY_MS);
        return settings;
    }

    /** Names the properties without their values: one of them may be a password. */
    @Override
    public String toString() {
        return "KafkaConnection[bootstrapServers=" + bootstrapServers + ", properties="
                + new TreeSet<>(properties.keySet()) + "]";
    }
}
