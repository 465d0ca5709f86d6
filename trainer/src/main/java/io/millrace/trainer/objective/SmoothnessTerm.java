package io.millrace.trainer.objective;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import io.millrace.trainer.config.SmoothnessConfig;
import org.jspecify.annotations.Nullable;

import java.util.List;

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

    /** Name of a value that is 1 if the ascent gradient of some examples is not finite, and else 0; R is 0 for these. */
    public static final String SKIPPED = "smoothnessSkipped";

    public SmoothnessTerm(SmoothnessConfig config) {
        this(config, EmbeddingPerturber.gaussian(config.initStdDev()));
    }

    @Override
    public List<TermValue> evaluate(StepContext step) {
        int examples = step.batch().size();
        Worst worst = worstPerturbation(step);
        NDArray perturbed = logits(step, step.cleanWords().add(worst.perturbation));
        NDArray r = step.divergence(perturbed, step.cleanLogits()).mul(worst.usable.toType(DataType.FLOAT32, false));
        return List.of(
                new TermValue(SMOOTHNESS_LOSS, config.weight(), r, examples),
                new TermValue(SKIPPED, 0, worst.usable.logicalNot().toType(DataType.FLOAT32, false), examples));
    }

    /**
     * The result of the ascent. Nothing of it is read back: a GPU would wait.
     *
     * @param perturbation a constant of shape [n, h]; 0 if an ascent gradient was not finite
     * @param usable false if one was not, a scalar
     */
    record Worst(NDArray perturbation, NDArray usable) {}

    /** The perturbation after the ascent. */
    Worst worstPerturbation(StepContext step) {
        NDArray d = clip(perturber.initial(step));
        @Nullable NDArray usable = null;
        for (int i = 0; i < config.steps(); i++) {
            NDArray g = ascentGradient(step, d);
            usable = usable == null ? isFinite(g) : usable.logicalAnd(isFinite(g));
            NDArray largest = g.abs().max(new int[] {-1}, true); // [n, 1]
            NDArray next = d.add(g.mul(step.number(config.stepSize())).div(largest.add(step.number(NORM_FLOOR))));
            d = NDArrays.where(usable.broadcast(d.getShape()), clip(next), d.zerosLike());
        }
        return new Worst(d, requireNonNull(usable, "steps"));
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

    private static NDArray isFinite(NDArray g) {
        NDArray sum = g.sum();
        return sum.isNaN().logicalOr(sum.isInfinite()).logicalNot();
    }
}
