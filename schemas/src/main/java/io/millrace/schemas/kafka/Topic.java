package io.millrace.schemas.kafka;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One topic: its name, the type of its values and how long they are kept. Keys are UTF-8 strings everywhere.
 *
 * @param name dash-separated plural noun
 * @param valueSerde serde of its values
 * @param partitions number of partitions when it is created
 * @param keeps which records it keeps
 */
public record Topic<V>(String name, Serde<V> valueSerde, int partitions, Keeps keeps) {

    private static final int MEBIBYTE = 1 << 20;

    /** Which records a topic keeps. */
    public enum Keeps {
        /** Every record for a week. */
        A_WEEK(TopicConfig.CLEANUP_POLICY_DELETE, Duration.ofDays(7).toMillis(), MEBIBYTE),
        /** As {@link #A_WEEK}, with room for records that users send by mistake: they must arrive to be rejected with a reason. */
        A_WEEK_OF_ANYTHING(TopicConfig.CLEANUP_POLICY_DELETE, Duration.ofDays(7).toMillis(), 16 * MEBIBYTE),
        /** Every record for ever: small records that the lineage needs. */
        EVERYTHING(TopicConfig.CLEANUP_POLICY_DELETE, -1, MEBIBYTE),
        /** The newest record of each key. */
        THE_NEWEST(TopicConfig.CLEANUP_POLICY_COMPACT, -1, MEBIBYTE);

        private final String cleanupPolicy;
        private final long retentionMs;
        private final int maxMessageBytes;

        Keeps(String cleanupPolicy, long retentionMs, int maxMessageBytes) {
            this.cleanupPolicy = cleanupPolicy;
            this.retentionMs = retentionMs;
            this.maxMessageBytes = maxMessageBytes;
        }

        String cleanupPolicy() {
            return cleanupPolicy;
        }

        /** The value that a topic of this kind is created with. */
        String config(String setting) {
            return Objects.requireNonNull(configs().get(setting), setting);
        }

        private Map<String, String> configs() {
            return Map.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    cleanupPolicy,
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString(retentionMs),
                    // A cluster may have a limit for topics without this setting.
                    TopicConfig.RETENTION_BYTES_CONFIG,
                    "-1",
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    Integer.toString(maxMessageBytes));
        }
    }

    public Serde<String> keySerde() {
        return Serdes.String();
    }

    /** The topic as the admin client creates it, with the broker's default replication. */
    public NewTopic definition() {
        return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(keeps.configs());
    }
}
