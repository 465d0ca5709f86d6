package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ObjectiveConfig;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.objective.MaskedTokenTerm.Source;
import io.millrace.trainer.objective.masking.MaskedTokens;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The weighted sum of the terms that a method names; every term's value is kept. */
public final class Objective {

    private final List<ObjectiveTerm> terms;

    public Objective(List<ObjectiveTerm> terms) {
        this.terms = List.copyOf(terms);
    }

    /**
     * The objective of a task's configuration.
     *
     * @param vocabulary number of token ids
     */
    public static Objective of(TrainingConfig config, int vocabulary) {
        ObjectiveConfig objective = config.objective();
        Method method = objective.method();
        MaskedTokens maskedTokens = MaskedTokens.of(objective.maskedTokens(), vocabulary);
        double weight = objective.maskedTokens().weight();
        List<ObjectiveTerm> terms = new ArrayList<>();
        if (method.usesMaskTuning()) {
            terms.add(new MaskTuningTerm(objective.maskTuning(), maskedTokens));
        } else {
            terms.add(new TaskTerm());
            if (method.usesMaskedTokens()) {
                terms.add(new MaskedTokenTerm(weight, maskedTokens, Source.LABELLED));
            }
        }
        if (method.usesSmart()) {
            terms.add(new SmoothnessTerm(objective.smoothness()));
            terms.add(new ProximalTerm(objective.proximal()));
        }
        if (config.batching().unlabelledShare() > 0) {
            terms.add(new MaskedTokenTerm(weight, maskedTokens, Source.UNLABELLED));
        }
        return new Objective(terms);
    }

    /** The objective of pre-training: masked-token prediction alone. */
    public static Objective ofTexts(TrainingConfig config, int vocabulary) {
        MaskedTokens maskedTokens = MaskedTokens.of(config.objective().maskedTokens(), vocabulary);
        return new Objective(List.of(new MaskedTokenTerm(1, maskedTokens, Source.UNLABELLED)));
    }

    /**
     * A step's objective.
     *
     * @param total the sum, a scalar with its gradient graph
     * @param terms the unweighted terms by name
     */
    public record Value(NDArray total, Map<String, NDArray> terms) {}

    /** Evaluates every term on the batch of {@code step}, with the configured weights. */
    public Value evaluate(StepContext step) {
        return evaluate(step, 1);
    }

    /**
     * Evaluates every term on the batch of {@code step}.
     *
     * @param lambdaFactor factor of the weights of all terms but the task's
     */
    public Value evaluate(StepContext step, double lambdaFactor) {
        Map<String, NDArray> values = new LinkedHashMap<>();
        List<NDArray> weighted = new ArrayList<>();
        for (ObjectiveTerm term : terms) {
            for (TermValue value : term.evaluate(step)) {
                values.put(value.name(), value.value());
                double weight =
                        value.name().equals(ObjectiveTerm.TASK_LOSS) ? value.weight() : value.weight() * lambdaFactor;
                // Not mul(Number): DJL closes the scalar array that it makes of a number, whose memory is Java's, while
                // the backward pass still has to read it. This one lives as long as the step.
                weighted.add(value.value().mul(step.scope().create((float) weight)));
            }
        }
        NDArray total = weighted.stream()
                .reduce((sum, term) -> sum.add(term))
                .orElseThrow(() -> new IllegalStateException("the step has nothing to train on"));
        return new Value(total, values);
    }
}
