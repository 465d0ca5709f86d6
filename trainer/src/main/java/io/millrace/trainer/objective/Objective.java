package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.Uploads;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ObjectiveConfig;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.objective.MaskedTokenTerm.Source;
import io.millrace.trainer.objective.masking.MaskedTokens;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

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

    /** Evaluates every term on the batch of {@code step}. */
    public List<TermValue> terms(StepContext step) {
        return terms.stream().flatMap(term -> term.evaluate(step).stream()).toList();
    }

    /** Evaluates every term on the whole mini-batch {@code step}, with the configured weights. */
    public Value evaluate(StepContext step) {
        return evaluate(step, 1);
    }

    /**
     * Evaluates every term on the whole mini-batch {@code step}.
     *
     * @param lambdaFactor factor of the weights of all terms but the task's
     */
    public Value evaluate(StepContext step, double lambdaFactor) {
        List<TermValue> evaluated = terms(step);
        Map<String, NDArray> values = new LinkedHashMap<>();
        evaluated.forEach(value -> values.put(value.name(), value.value()));
        return new Value(total(step.scope(), evaluated, value -> weight(value, lambdaFactor)), values);
    }

    /** A term's factor in the sum, {@code lambdaFactor} being that of all terms but the task's. */
    public static double weight(TermValue term, double lambdaFactor) {
        return term.name().equals(ObjectiveTerm.TASK_LOSS) ? term.weight() : term.weight() * lambdaFactor;
    }

    /** The sum of terms, each times what {@code factor} says: a scalar with its gradient graph. */
    public static NDArray total(NDManager scope, List<TermValue> terms, ToDoubleFunction<TermValue> factor) {
        return terms.stream()
                // Not mul(Number): DJL closes the scalar array that it makes of a number, whose memory is Java's, while
                // the backward pass still has to read it. This one lives as long as the step.
                .map(term -> term.value().mul(Uploads.host(scope).create((float) factor.applyAsDouble(term))))
                .reduce(NDArray::add)
                .orElseThrow(() -> new IllegalStateException("the step has nothing to train on"));
    }
}
