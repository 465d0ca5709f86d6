package io.millrace.trainer;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.OffsetRange;

import java.util.List;

/**
 * What one step trains on, apart from what the learner replays.
 *
 * @param examples the examples, in the order of their offsets
 * @param offsets what they cover: from the end of the mini-batch before to the last example
 * @param isShort whether it was cut because the stream idled, not because it was full
 * @param texts the unlabelled texts that join it
 */
record MiniBatch(List<LabelledExample> examples, OffsetRange offsets, boolean isShort, TextBatcher.Taken texts) {

    MiniBatch {
        examples = List.copyOf(examples);
    }
}
