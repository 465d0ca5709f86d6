package io.millrace.trainer.objective.masking;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.ForwardPass;
import io.millrace.trainer.objective.StepContext;

/** What the encoder sees of a masked batch, and where the input of the masked-token head comes from. */
public sealed interface MaskedEncoding permits StandardEncoding, ExcludedEncoding {

    /**
     * Encodes a batch with {@code pass}.
     *
     * @param read indices of the tokens that are predicted, ascending
     */
    Encoded encode(StepContext step, ForwardPass pass, MaskedBatch masked, int[] read);

    /**
     * An encoded batch.
     *
     * @param pooled what the class scores read of each example, shape [b, h]
     * @param pass the pass of the masked-token head
     * @param read that head's input at the tokens that are predicted, shape [m, h]
     */
    record Encoded(NDArray pooled, ForwardPass pass, NDArray read) {

        /** Vocabulary logits at the tokens that are predicted. Shape [m, v]. */
        NDArray tokenLogits() {
            return pass.tokenLogits(read);
        }

        /**
         * Vocabulary logits at some of them.
         *
         * @param at which, k of them, from 0 to m - 1
         * @return shape [k, v]
         */
        NDArray tokenLogits(int... at) {
            return pass.tokenLogits(pass.rows(read, at));
        }
    }
}
