package io.millrace.schemas.kafka;

import org.apache.kafka.clients.CommonClientConfigs;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * How every client reaches the broker, and the prefix of this installation's names there.
 *
 * <p>Only this record forms those names: a method that takes a connection and a {@link Topic} adds the prefix itself.
 *
 * @param bootstrapServers {@code host:port} list of the brokers
 * @param properties any other Kafka client setting, such as {@code security.protocol}; optional. Refer to a secret rather than writing
 *     it: <code>${env:NAME}</code>, <code>${file:PATH:KEY}</code>, <code>${dir:PATH:FILE}</code>
 * @param prefix prefix of the names of all topics, consumer groups and transactional ids, so that several installations can share
 *     a broker: at most 64 lower-case letters, digits, {@code -}, {@code _} and {@code .}; default none
 */
public record KafkaConnection(String bootstrapServers, Map<String, String> properties, String prefix) {

    private static final int BROKER_AWAY_MS = 300_000;
    private static final Pattern PREFIX = Pattern.compile("[a-z0-9._-]{0,64}");

    /** With one of these as prefix, the name of {@code examples} could be that of a topic of another installation. */
    private static final List<String> AMBIGUOUS = List.of("accepted-", "rejected-");

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
        prefix = prefix == null ? "" : prefix;
        String wanted = prefix;
        faultOfPrefix(wanted).ifPresent(fault -> {
            throw new IllegalArgumentException("kafka.prefix " + fault);
        });
    }

    /** A connection without a prefix. */
    public KafkaConnection(String bootstrapServers, Map<String, String> properties) {
        this(bootstrapServers, properties, "");
    }

    /** The fault of a prefix, if any, as the end of a sentence that begins with the key's name. */
    public static Optional<String> faultOfPrefix(String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            return Optional.of("must be at most 64 lower-case letters, digits, -, _ and ., got \"" + prefix + "\"");
        }
        return AMBIGUOUS.stream()
                .filter(prefix::endsWith)
                .findFirst()
                .map(end -> "must not end with " + end + ", got \"" + prefix + "\": the topic " + prefix
                        + "examples could be another installation's");
    }

    /** The same with another prefix. */
    public KafkaConnection withPrefix(String other) {
        return new KafkaConnection(bootstrapServers, properties, other);
    }

    /** The name on the broker: the prefix and {@code name}. */
    public String named(String name) {
        return prefix + name;
    }

    /** The topic under its name on the broker. */
    public <V> Topic<V> topic(Topic<V> topic) {
        return new Topic<>(named(topic.name()), topic.valueSerde(), topic.partitions(), topic.keeps());
    }

    /**
     * A new, mutable map of settings for one client. It holds references to secrets, not the secrets: the client reads those.
     *
     * @throws IllegalArgumentException if a property refers to something that does not exist
     */
    public Map<String, Object> clientProperties() {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.putAll(SecretReferences.providers(properties));
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        SecretReferences.check(properties, settings);
        return settings;
    }

    /**
     * The same for the clients of a service while it runs: they wait five minutes for an unreachable broker, where Kafka's
     * default is one. The user's settings take precedence.
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
                + new TreeSet<>(properties.keySet()) + ", prefix=" + prefix + "]";
    }
}
