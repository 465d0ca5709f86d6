package io.millrace.trainer.objective.masking;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.ForwardPass;
import io.millrace.trainer.objective.StepContext;

/** The encoder sees the masked text, [MASK]s included, and the masked-token head reads the encoder's output. */
public record StandardEncoding() implements MaskedEncoding {

    @Override
    public Encoded encode(StepContext step, ForwardPass pass, MaskedBatch masked) {
        NDArray hidden = pass.hidden(masked.batch(), pass.wordEmbeddings(masked.batch()));
        return new Encoded(masked.batch(), hidden, pass, hidden);
    }
}
