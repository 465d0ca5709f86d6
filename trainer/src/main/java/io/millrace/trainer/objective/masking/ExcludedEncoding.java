package io.millrace.trainer.objective.masking;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.TextBatch;
import io.millrace.trainer.objective.StepContext;

/**
 * MAE-LM (Meng et al., ICLR 2024, arXiv 2302.02060): the encoder never sees [MASK]. Masked tokens are taken out of the batch, the others
 * keep their positions; a shallow decoder takes what the encoder made of them at their places and the embedding of [MASK] at the masked
 * ones, and the masked-token head reads its output. In the first steps of a decoder its gradient is noise, and stops before the encoder
 * and the word embeddings.
 *
 * @param warmupSteps how many steps those are
 */
public record ExcludedEncoding(int warmupSteps) implements MaskedEncoding {

    @Override
    public Encoded encode(StepContext step, ForwardPass pass, MaskedBatch masked) {
        TextBatch seen = masked.batch().keeping(step.scope(), masked.kept());
        NDArray hidden = pass.hidden(seen, pass.wordEmbeddings(seen));
        boolean warmingUp = step.random().step() <= warmupSteps;
        ForwardPass head = warmingUp ? pass.withConstantWords() : pass;
        NDArray read = warmingUp ? hidden.stopGradient() : hidden;
        NDArray decoded = head.decode(
                step.decoder(),
                masked.batch(),
                step.scope().create(MaskedBatch.indices(masked.kept())),
                read,
                masked.maskedIndices(),
                step.maskId());
        return new Encoded(seen, hidden, head, decoded);
    }
}
