package io.millrace.app.bench;

import io.millrace.encoder.config.EncoderConfig;
import io.millrace.trainer.config.MaskTuningConfig;
import io.millrace.trainer.config.MaskedTokensConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ObjectiveConfig;

import java.util.List;

/**
 * Floating point operations of a step, counted from the architecture; a multiplication and an addition are two. Only products of matrices
 * count, over real tokens: what a loop spends on padding is no work.
 *
 * <p>A forward pass over texts of n tokens each, with l layers of width h and inner width i: {@code sum l (n (8 h^2 + 4 h i) + 4 n^2 h)}, and
 * {@code 2 h^2 + 2 h c} per text for a head of c classes. In the last layer only keys and values are of all tokens, {@code 4 n h^2}; the rest is
 * of the one token that the head reads, and of the masked tokens in a pass that predicts them: {@code 4 h^2 + 4 h i + 4 n h} for each.
 * A backward pass is twice that, or once if only the gradient of the input is wanted. The token head is {@code 2 h^2 + 2 h v} per masked
 * token, v the vocabulary. This is what a loop has to compute; one that computes the whole of the last layer does more for the same.
 */
final class StepWork {

    private static final int TRAINED_PASS = 3;
    private static final int INPUT_GRADIENT_PASS = 2;

    private final EncoderConfig encoder;
    private final int classes;

    StepWork(EncoderConfig encoder, int classes) {
        this.encoder = encoder;
        this.classes = classes;
    }

    /**
     * The operations of one step, in billions.
     *
     * @param lengths tokens of each text of the mini-batch
     */
    double gflop(ObjectiveConfig objective, List<Integer> lengths) {
        double rate = objective.maskedTokens().maskingRate();
        double tokens = lengths.stream().mapToInt(Integer::intValue).sum();
        int predicting = predictingPasses(objective);
        int questioning = questioningPasses(objective);
        return (predicting * (forward(lengths, rate) + tokenHead(rate * tokens))
                        + questioning * (forward(lengths, 1) + tokenHead(tokens))
                        + (passes(objective) - predicting - questioning) * forward(lengths, 0))
                / 1e9;
    }

    /** How many of the {@link #passes} predict masked tokens, too. */
    private static int predictingPasses(ObjectiveConfig objective) {
        Method method = objective.method();
        return method.usesMaskedTokens() || method.usesMaskTuning() ? TRAINED_PASS : 0;
    }

    /** How many of the {@link #passes} predict every token: those that find the hard ones to mask. */
    private static int questioningPasses(ObjectiveConfig objective) {
        return objective.method().usesMaskedTokens()
                        && objective.maskedTokens().masking() == MaskedTokensConfig.Masking.SELF_EVOLUTION
                ? 1
                : 0;
    }

    /** How many forward passes cost as much as the objective's forward and backward passes. */
    static int passes(ObjectiveConfig objective) {
        Method method = objective.method();
        int passes = predictingPasses(objective) + questioningPasses(objective);
        boolean classifiesMaskedText =
                method.usesMaskTuning() && objective.maskTuning().perturbed() == MaskTuningConfig.Perturbed.MASKED;
        if (!classifiesMaskedText) {
            passes += TRAINED_PASS;
        }
        if (method.usesSmart()) {
            // The clean text, which the task term of mask-tuning does not read; the ascent; the perturbed text; the
            // reference model.
            passes += method.usesMaskTuning() ? TRAINED_PASS : 0;
            passes += INPUT_GRADIENT_PASS * objective.smoothness().steps() + TRAINED_PASS + 1;
        }
        return passes;
    }

    /** A pass that reads the first token of each text and a share of the others. */
    private double forward(List<Integer> lengths, double share) {
        EncoderConfig.Shape shape = encoder.shape();
        double h = shape.width();
        double feedForward = (encoder.blocks().gated() ? 6 : 4) * h * encoder.inner();
        double perText = 2 * h * h + 2 * h * classes;
        double sum = 0;
        for (int n : lengths) {
            double layer = n * (8 * h * h + feedForward) + 4.0 * n * n * h;
            double read = 1 + share * n;
            double last = encoder.blocks().readsSome()
                    ? n * 4 * h * h + read * (4 * h * h + feedForward + 4.0 * n * h)
                    : layer;
            sum += (shape.layers() - 1) * layer + last + perText;
        }
        return sum;
    }

    private double tokenHead(double tokens) {
        double h = encoder.shape().width();
        return tokens * (2 * h * h + 2 * h * encoder.vocabulary());
    }
}
