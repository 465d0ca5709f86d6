package io.millrace.ingest;

import org.apache.kafka.common.utils.Utils;

/**
 * Says which examples are already in the partition of their task: the partition where the task's ids are remembered. It is that of
 * Java's clients as long as {@code examples} has as many partitions as there were when ingest first started.
 *
 * @param examples the topic of which partitions are meant
 * @param partitions number of partitions in which tasks are remembered; it never changes
 */
record TaskHome(String examples, int partitions) {

    /** Of a valid example. */
    boolean holds(byte[] key, Candidate candidate) {
        return candidate.origin().partition() == of(key)
                && candidate.origin().topic().equals(examples);
    }

    /** As the producer chooses on the internal topic. */
    private int of(byte[] key) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
}
