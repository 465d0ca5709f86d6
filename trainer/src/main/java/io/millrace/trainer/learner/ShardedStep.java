package io.millrace.trainer.learner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.trainer.objective.Objective;
import io.millrace.trainer.objective.StepContext;
import io.millrace.trainer.objective.StepRandom;
import io.millrace.trainer.objective.TermValue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The objective of one step and its gradients, computed in parts of the mini-batch at once. Each term is a mean over examples or
 * tokens, so the term of the whole is the mean of its parts, each with its share of them. Parts are summed in their order: the same
 * parts give the same bytes. Owns the memory of the passes.
 */
final class ShardedStep implements AutoCloseable {

    private final ModelState.Prepared model;
    private final double lambdaFactor;
    private final List<Part> parts;
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final Map<String, Double> terms = new LinkedHashMap<>();
    private double total;

    /** The passes of one part, the terms that they gave, and the values of these. */
    private record Part(NDManager scope, ForwardPass pass, List<TermValue> terms, float[] values) {}

    private ShardedStep(ModelState.Prepared model, double lambdaFactor, List<Part> parts) {
        this.model = model;
        this.lambdaFactor = lambdaFactor;
        this.parts = parts;
        for (Part part : parts) {
            part.terms.forEach(term -> counts.merge(term.name(), term.count(), Integer::sum));
        }
        for (Part part : parts) {
            for (int i = 0; i < part.values.length; i++) {
                TermValue term = part.terms.get(i);
                double value = share(term) * part.values[i];
                terms.merge(term.name(), value, Double::sum);
                total += Objective.weight(term, lambdaFactor) * value;
            }
        }
    }

    /**
     * Runs the passes forward.
     *
     * @param lambdaFactor factor of the weights of all terms but the task's
     */
    static ShardedStep forward(
            ModelState.Prepared model,
            Objective objective,
            TokenizedExamples batch,
            StepRandom random,
            double lambdaFactor) {
        List<TokenizedExamples> divided = batch.parts(model.workers().count());
        List<NDManager> scopes =
                divided.stream().map(part -> model.scope().newSubManager()).toList();
        List<Part> parts = model.workers().run(divided.size(), i -> {
            try (GradMode on = GradMode.on()) {
                return forward(model, objective, divided.get(i), scopes.get(i), random.ofShard(i));
            }
        });
        return new ShardedStep(model, lambdaFactor, parts);
    }

    private static Part forward(
            ModelState.Prepared model,
            Objective objective,
            TokenizedExamples examples,
            NDManager scope,
            StepRandom random) {
        StepContext.Passes passes = model.passes(scope, random);
        List<TermValue> terms =
                objective.terms(new StepContext(scope, passes, examples.pack(scope, model.encoder()), random));
        float[] values = new float[terms.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = terms.get(i).value().getFloat();
        }
        return new Part(scope, passes.current(), terms, values);
    }

    /** The share of a part's term in that of the whole. */
    private double share(TermValue term) {
        int count = counts.getOrDefault(term.name(), 0);
        return count == 0 ? 1.0 / parts.size() : (double) term.count() / count;
    }

    /** The unweighted terms of the whole mini-batch by name. */
    Map<String, Double> terms() {
        return terms;
    }

    /** Their weighted sum. */
    float total() {
        return (float) total;
    }

    /** Runs the passes backward. The gradients of the trained weights, in their order. */
    NDList gradients() {
        return model.gradients(model.workers().run(parts.size(), i -> {
            Part part = parts.get(i);
            try (GradMode on = GradMode.on()) {
                NDArray loss = Objective.total(
                        part.scope, part.terms, term -> share(term) * Objective.weight(term, lambdaFactor));
                return part.pass.gradients(loss);
            }
        }));
    }

    @Override
    public void close() {
        parts.forEach(part -> part.scope.close());
    }
}
