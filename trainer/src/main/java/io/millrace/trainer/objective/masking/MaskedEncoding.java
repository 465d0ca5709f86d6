package io.millrace.trainer.objective.masking;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.TextBatch;
import io.millrace.trainer.objective.StepContext;

/** What the encoder sees of a masked batch, and where the input of the masked-token head comes from. */
public sealed interface MaskedEncoding permits StandardEncoding, ExcludedEncoding {

    /** Encodes a batch with {@code pass}. */
    Encoded encode(StepContext step, ForwardPass pass, MaskedBatch masked);

    /**
     * An encoded batch.
     *
     * @param seen the encoder's input: n' tokens
     * @param hidden the encoder's output, shape [n', h]
     * @param pass the pass of the masked-token head
     * @param tokenHidden that head's input, shape [n, h]
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
