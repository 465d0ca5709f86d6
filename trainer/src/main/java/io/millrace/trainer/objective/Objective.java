package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import io.millrace.trainer.config.MaskTuningConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ObjectiveConfig;

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
    public static Objective of(ObjectiveConfig config, int vocabulary) {
        Method method = config.method();
        MaskTuningConfig masking = config.maskTuning();
        List<ObjectiveTerm> terms = new ArrayList<>();
        if (method.usesMaskTuning()) {
            terms.add(new MaskTuningTerm(
                    masking,
                    new RandomMasking(masking.maskingRate()),
                    new TokenCorruption(masking.corruption(), vocabulary)));
        } else {
            terms.add(new TaskTerm());
        }
        if (method.usesSmart()) {
            terms.add(new SmoothnessTerm(config.smoothness()));
            terms.add(new ProximalTerm(config.proximal()));
        }
        return new Objective(terms);
    }

    /**
     * A step's objective.
     *
     * @param total the sum, a scalar with its gradient graph
     * @param terms the unweighted terms by name
     */
    public record Value(NDArray total, Map<String, NDArray> terms) {}

    /** Evaluates every term on the batch of {@code step}. */
    public Value evaluate(StepContext step) {
        Map<String, NDArray> values = new LinkedHashMap<>();
        NDArray total = null;
        for (ObjectiveTerm term : terms) {
            for (TermValue value : term.evaluate(step)) {
                values.put(value.name(), value.value());
                // Not mul(Number): DJL closes the scalar array that it makes of a number, whose memory is Java's, while
                // the backward
                // pass still has to read it. This one lives as long as the step.
                NDArray weighted = value.value().mul(step.scope().create((float) value.weight()));
                total = total == null ? weighted : total.add(weighted);
            }
        }
        return new Value(total, values);
    }
}
