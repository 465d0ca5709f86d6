package io.millrace.trainer.objective.masking;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.TextBatch;
import io.millrace.trainer.objective.StepContext;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The encoder sees the masked text, [MASK]s included, and the masked-token head reads the encoder's output. */
public record StandardEncoding() implements MaskedEncoding {

    @Override
    public Encoded encode(StepContext step, ForwardPass pass, MaskedBatch masked, int[] read) {
        TextBatch batch = masked.batch();
        int[] classes = pass.readByClasses(batch);
        int[] both = IntStream.concat(IntStream.of(classes), IntStream.of(read))
                .sorted()
                .distinct()
                .toArray();
        NDArray hidden = pass.hidden(batch, pass.wordEmbeddings(batch), batch.tokens(both));
        return new Encoded(
                pass.pooled(batch, pass.rows(hidden, places(both, classes))),
                pass,
                pass.rows(hidden, places(both, read)));
    }

    private static int[] places(int[] ascending, int[] some) {
        return IntStream.of(some)
                .map(index -> Arrays.binarySearch(ascending, index))
                .toArray();
    }
}
