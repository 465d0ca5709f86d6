package io.millrace.trainer.objective.masking;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.TextBatch;
import io.millrace.trainer.objective.StepContext;

/**
 * MAE-LM (Meng et al., ICLR 2024, arXiv 2302.02060): the encoder never sees [MASK]. Masked tokens are removed from the batch, the
 * others keep their positions. A shallow decoder reads the encoder's output at their positions and the embedding of [MASK] at the masked
 * ones; the masked-token head reads the decoder's output. In a decoder's first steps its gradient is noise, so it stops before the encoder
 * and the word embeddings.
 *
 * @param warmupSteps number of those first steps
 */
public record ExcludedEncoding(int warmupSteps) implements MaskedEncoding {

    @Override
    public Encoded encode(StepContext step, ForwardPass pass, MaskedBatch masked, int[] read) {
        TextBatch seen = masked.batch().keeping(step.scope(), masked.kept());
        NDArray hidden = pass.hidden(seen, pass.wordEmbeddings(seen));
        NDArray pooled = pass.pooled(seen, pass.rows(hidden, pass.readByClasses(seen)));
        if (read.length == 0) {
            return new Encoded(pooled, pass, pass.rows(hidden));
        }
        boolean warmingUp = step.random().step() <= warmupSteps;
        ForwardPass head = warmingUp ? pass.withConstantWords() : pass;
        NDArray decoded = head.decode(
                masked.batch(),
                masked.keptIndices(pass),
                warmingUp ? hidden.stopGradient() : hidden,
                masked.maskedIndices(pass),
                masked.batch().tokens(read),
                step.maskId());
        return new Encoded(pooled, head, decoded);
    }
}
