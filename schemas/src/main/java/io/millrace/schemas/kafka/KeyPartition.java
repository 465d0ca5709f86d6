package io.millrace.schemas.kafka;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

import java.nio.charset.StandardCharsets;

/**
 * The partition of a record with a key, by the rule of Kafka's Java clients, murmur2 of the key's bytes. Clients on
 * librdkafka place keys by
 * CRC32 unless configured with {@code partitioner=murmur2_random}.
 */
public final class KeyPartition {

    private KeyPartition() {}

    /**
     * The partition of a key.
     *
     * @param partitions how many partitions the topic has, at least 1
     */
    public static int of(String key, int partitions) {
        return BuiltInPartitioner.partitionForKey(key.getBytes(StandardCharsets.UTF_8), partitions);
    }
}
