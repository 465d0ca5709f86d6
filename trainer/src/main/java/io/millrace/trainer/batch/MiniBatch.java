package io.millrace.trainer.batch;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.OffsetRange;

import java.util.List;

/**
 * What one step trains on, apart from replayed examples.
 *
 * @param entries the examples, in the order of their offsets
 * @param offsets the range that they cover: from the end of the previous mini-batch to the last example
 * @param isShort whether it was cut because the stream idled, not because it was full
 * @param texts the unlabelled texts that join it
 */
public record MiniBatch(
        List<WithOffset<LabelledExample>> entries, OffsetRange offsets, boolean isShort, TextBatcher.Taken texts) {

    public MiniBatch {
        entries = List.copyOf(entries);
    }

    public List<LabelledExample> examples() {
        return WithOffset.values(entries);
    }
}
