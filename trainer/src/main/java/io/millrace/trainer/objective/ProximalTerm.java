package io.millrace.trainer.objective;

import io.millrace.trainer.config.ProximalConfig;

import java.util.List;

/**
 * SMART's Bregman proximal point term (Jiang et al., ACL 2020, arXiv 1911.03437):
 * D = mean_i symKL(f(x_i; theta), f(x_i; theta_ref)) on clean inputs, added with weight mu. theta_ref, a deep copy that follows
 * theta as a moving average, is a constant here, and dropout is off in its pass.
 *
 * @param config mu is {@code weight}
 */
public record ProximalTerm(ProximalConfig config) implements ObjectiveTerm {

    @Override
    public List<TermValue> evaluate(StepContext step) {
        return List.of(new TermValue(
                PROXIMAL_LOSS,
                config.weight(),
                step.divergence(step.cleanLogits(), step.referenceLogits()),
                step.batch().size()));
    }
}
