package io.millrace.trainer.learner;

import io.millrace.schemas.LabelledExample;

import java.util.List;

/**
 * Examples of one partition with their offsets.
 *
 * @param partition the partition
 * @param offsets one per example, in their order
 * @param examples the examples
 */
public record OffsetExamples(int partition, List<Long> offsets, List<LabelledExample> examples) {

    public OffsetExamples {
        if (offsets.size() != examples.size()) {
            throw new IllegalArgumentException(
                    "expected an offset per example, got " + offsets.size() + " for " + examples.size());
        }
    }
}
