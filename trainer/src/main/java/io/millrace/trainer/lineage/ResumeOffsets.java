package io.millrace.trainer.lineage;

import io.millrace.schemas.OffsetRange;
import org.jspecify.annotations.Nullable;

/**
 * Where a task resumes in its partition of {@code accepted-examples}. Ranges of checkpoints tile: {@code first} is the end of the
 * checkpoint before, although the first record to read may come much later.
 *
 * @param partition the partition
 * @param first first offset that no checkpoint covers
 * @param next first offset of the next mini-batch: {@code first}, unless retention has removed examples
 * @param read first offset to read
 * @param gap examples that are lost, recorded in the next checkpoint; null if there are none
 */
public record ResumeOffsets(int partition, long first, long next, long read, @Nullable OffsetRange gap) {

    /** All of them the same, and no gap. */
    static ResumeOffsets at(int partition, long offset) {
        return new ResumeOffsets(partition, offset, offset, offset, null);
    }
}
