package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import io.millrace.trainer.config.SmoothnessConfig;

import java.util.List;
import java.util.Optional;

/**
 * SMART's smoothness-inducing adversarial regularizer (Jiang et al., ACL 2020, arXiv 1911.03437), added with weight lambda_s:
 *
 * <pre>
 * R = mean_i max_{|d_i|_inf <= radius} symKL(f(e(x_i) + d_i), f(e(x_i)))
 * </pre>
 *
 * where e(x) are the word embeddings; a regression has the squared difference instead of symKL. The maximum is approximated: d starts as
 * clipped Gaussian noise, and each ascent step does
 * d = clip(d + stepSize * g / (max |g| per token + normFloor), +-radius), g the gradient with respect to d alone of
 * symKL(f(e + d), stop(f(e))). The last d is a constant; the gradient of R goes through both branches and the embeddings.
 *
 * @param config lambda_s is {@code weight}, sigma {@code initStdDev}, eta {@code stepSize}, T {@code steps}
 * @param perturber where d starts
 */
public record SmoothnessTerm(SmoothnessConfig config, EmbeddingPerturber perturber) implements ObjectiveTerm {

    private static final double NORM_FLOOR = 1e-12;

    /** Name of a value that is there if the ascent gradient of some examples is not finite; R is 0 for these. */
    public static final String SKIPPED = "smoothnessSkipped";

    public SmoothnessTerm(SmoothnessConfig config) {
        this(config, EmbeddingPerturber.gaussian(config.initStdDev()));
    }

    @Override
    public List<TermValue> evaluate(StepContext step) {
        int examples = step.batch().size();
        Optional<NDArray> worst = worstPerturbation(step);
        if (worst.isEmpty()) {
            return List.of(
                    new TermValue(SMOOTHNESS_LOSS, config.weight(), step.scope().create(0f), examples),
                    new TermValue(SKIPPED, 0, step.scope().create(1f), examples));
        }
        NDArray perturbed = logits(step, step.cleanWords().add(worst.get()));
        return List.of(new TermValue(
                SMOOTHNESS_LOSS, config.weight(), step.divergence(perturbed, step.cleanLogits()), examples));
    }

    /** The perturbation after the ascent, a constant of shape [n, h]; empty if an ascent gradient was not finite. */
    Optional<NDArray> worstPerturbation(StepContext step) {
        NDArray d = clip(perturber.initial(step));
        for (int i = 0; i < config.steps(); i++) {
            NDArray g = ascentGradient(step, d);
            if (!isFinite(g)) {
                return Optional.empty();
            }
            NDArray largest = g.abs().max(new int[] {-1}, true); // [n, 1]
            d = clip(d.add(g.mul(config.stepSize()).div(largest.add(NORM_FLOOR))));
        }
        return Optional.of(d);
    }

    /** The gradient of symKL(f(e + d), stop(f(e))) with respect to d, e detached. Shape [n, h]. */
    NDArray ascentGradient(StepContext step, NDArray d) {
        d.setRequiresGradient(true);
        NDArray perturbed = logits(step, step.cleanWords().stopGradient().add(d));
        NDArray inner = step.divergence(perturbed, step.cleanLogits().stopGradient());
        NDArray g = step.pass().inputGradient(inner, d);
        d.setRequiresGradient(false);
        return g;
    }

    private NDArray clip(NDArray d) {
        return d.clip(-config.radius(), config.radius());
    }

    private static NDArray logits(StepContext step, NDArray words) {
        return step.pass().classLogits(step.batch(), words);
    }

    private static boolean isFinite(NDArray g) {
        return Float.isFinite(g.sum().getFloat());
    }
}
