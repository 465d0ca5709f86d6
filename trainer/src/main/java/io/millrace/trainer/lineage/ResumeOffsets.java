package io.millrace.trainer.lineage;

import io.millrace.schemas.OffsetRange;

/**
 * Where a task takes up in its partition of {@code accepted-examples}. Ranges of checkpoints tile: {@code first} is what the checkpoint
 * before ended with, although the first record to read may lie far behind it.
 *
 * @param partition the partition
 * @param first first offset that no checkpoint covers
 * @param next first offset of the next mini-batch: {@code first}, unless retention has removed examples
 * @param read first offset to read
 * @param gap examples that are lost, recorded in the next checkpoint; null if none are
 */
public record ResumeOffsets(int partition, long first, long next, long read, OffsetRange gap) {

    /** A start with nothing in between. */
    static ResumeOffsets at(int partition, long offset) {
        return new ResumeOffsets(partition, offset, offset, offset, null);
    }
}
