package io.millrace.trainer.drift;

import io.millrace.schemas.LabelledExample;

/**
 * An example, and what was measured on it before it was trained on.
 *
 * @param offset its offset
 * @param example the example
 * @param right whether the model was right about it
 * @param unknownShare share of its tokens that the tokenizer does not know
 * @param embedding its representation by the encoder that training started from; empty if that is not watched
 */
public record Observation(long offset, LabelledExample example, boolean right, double unknownShare, float[] embedding) {

    /** Its text, or both of a pair. */
    String text() {
        return example.textPair() == null ? example.text() : example.text() + " " + example.textPair();
    }
}
