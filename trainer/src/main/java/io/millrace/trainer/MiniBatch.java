package io.millrace.trainer;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.OffsetRange;

import java.util.List;

/**
 * What one step trains on.
 *
 * @param examples the examples, in the order of their offsets
 * @param offsets what they cover: from the end of the mini-batch before to the last example
 * @param isShort whether it was cut because the stream idled, not because it was full
 */
public record MiniBatch(List<LabelledExample> examples, OffsetRange offsets, boolean isShort) {

    public MiniBatch {
        examples = List.copyOf(examples);
    }
}
