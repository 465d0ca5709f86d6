package io.millrace.schemas;

/**
 * A half-open range of offsets in one partition.
 *
 * @param partition the partition
 * @param first the first offset in the range
 * @param next the first offset after it
 */
public record OffsetRange(int partition, long first, long next) {

    public OffsetRange {
        if (partition < 0 || first < 0 || next < first) {
            throw new IllegalArgumentException("an offset range needs partition >= 0 and 0 <= first <= next, got "
                    + partition + ":[" + first + ", " + next + ")");
        }
    }

    /** The smallest range that covers both; they must be of one partition. */
    public OffsetRange through(OffsetRange later) {
        if (later.partition != partition) {
            throw new IllegalArgumentException(
                    "cannot join ranges of partitions " + partition + " and " + later.partition);
        }
        return new OffsetRange(partition, Math.min(first, later.first), Math.max(next, later.next));
    }
}
