package io.millrace.trainer.objective.masking;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.TextBatch;
import io.millrace.trainer.objective.StepContext;

/** What the encoder sees of a masked batch, and how the masked-token head comes to what it reads. */
public sealed interface MaskedEncoding permits StandardEncoding, ExcludedEncoding {

    /** Encodes a batch with {@code pass}. */
    Encoded encode(StepContext step, ForwardPass pass, MaskedBatch masked);

    /**
     * An encoded batch.
     *
     * @param seen what the encoder saw: n' tokens
     * @param hidden what it made of them, shape [n', h]
     * @param pass what the masked-token head runs with
     * @param tokenHidden what it reads, shape [n, h]
     */
    record Encoded(TextBatch seen, NDArray hidden, ForwardPass pass, NDArray tokenHidden) {

        /**
         * Vocabulary logits.
         *
         * @param indices of tokens in the packed batch, shape [m]
         * @return shape [m, v]
         */
        NDArray tokenLogits(NDArray indices) {
            return pass.tokenLogits(tokenHidden, indices);
        }
    }
}
