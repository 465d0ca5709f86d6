package io.millrace.evaluator.score;

/**
 * What a model said of one probe example.
 *
 * @param label the right label
 * @param predicted the label that the model gives
 * @param labelProbability the model's probability of {@code label}; 0 if the model does not know it
 * @param confidence the model's probability of {@code predicted}
 */
public record ScoredExample(String label, String predicted, double labelProbability, double confidence) {

    /** Whether the model is right. */
    public boolean correct() {
        return predicted.equals(label);
    }
}
