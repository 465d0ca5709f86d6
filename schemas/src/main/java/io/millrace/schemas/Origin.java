package io.millrace.schemas;

/**
 * Where a record came from.
 *
 * @param topic its topic
 * @param partition its partition
 * @param offset its offset there
 * @param timestampMs its record timestamp, milliseconds since the epoch
 */
public record Origin(String topic, int partition, long offset, long timestampMs) {

    public Origin {
        Required.field("Origin.topic", topic);
    }
}
