package io.millrace.evaluator.score;

/**
 * A classifier's prediction for one probe example.
 *
 * @param label the right label
 * @param predicted the label that the model predicts
 * @param labelProbability the model's probability of {@code label}; 0 if the model does not know it
 * @param confidence the model's probability of {@code predicted}
 */
public record ScoredExample(String label, String predicted, double labelProbability, double confidence)
        implements Answer {

    /** Whether the model is right. */
    @Override
    public boolean correct() {
        return predicted.equals(label);
    }

    @Override
    public boolean agreesWith(Answer other) {
        return other instanceof ScoredExample example && predicted.equals(example.predicted);
    }
}
