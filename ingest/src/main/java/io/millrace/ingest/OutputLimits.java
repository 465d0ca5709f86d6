package io.millrace.ingest;

import io.millrace.schemas.Task;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectedRecords;
import io.millrace.schemas.kafka.Topics;

import java.util.Collection;

/**
 * The largest batches that ingest's output topics accept. Nothing larger is ever passed to the producer: see
 * {@link RejectedRecords} for the rejected ones and {@link #check} for the accepted ones.
 *
 * @param acceptedBytes {@code max.message.bytes} of {@code accepted-examples}
 * @param rejectedBytes {@code max.message.bytes} of {@code rejected-examples}
 */
record OutputLimits(int acceptedBytes, int rejectedBytes) {

    /** As {@code \\u0001}: the most that JSON makes of one UTF-16 unit. */
    private static final int MAX_JSON_BYTES_PER_CHAR = 6;

    /** Field names, numbers, the instant, the origin, key and frame of the record. */
    private static final int FRAME_BYTES = 2048;

    /** The larger of the two: what the producer must be able to send. */
    int largest() {
        return Math.max(acceptedBytes, rejectedBytes);
    }

    /** Checks that no example which these tasks accept can be too large for {@code accepted-examples}. */
    void check(KafkaConnection kafka, Collection<Task> tasks) {
        for (Task task : tasks) {
            long bytes = largestAccepted(task);
            if (bytes > acceptedBytes) {
                throw new IllegalArgumentException("tasks." + task.name() + ".maxTextChars is " + task.maxTextChars()
                        + ", so that an accepted example can take " + bytes + " bytes, but max.message.bytes of topic "
                        + kafka.named(Topics.ACCEPTED_EXAMPLES.name()) + " is " + acceptedBytes
                        + ". Raise max.message.bytes of the topic or lower maxTextChars.");
            }
        }
    }

    private static long largestAccepted(Task task) {
        long texts = task.kind().isPair() ? 2 : 1;
        long chars = texts * task.maxTextChars()
                + LabelRules.maxChars(task)
                + ExampleValidator.MAX_ID_CHARS
                + ExampleValidator.MAX_ATTRIBUTE_CHARS;
        long attributeFrames = 6L * ExampleValidator.MAX_ATTRIBUTES;
        return MAX_JSON_BYTES_PER_CHAR * chars + attributeFrames + FRAME_BYTES;
    }
}
