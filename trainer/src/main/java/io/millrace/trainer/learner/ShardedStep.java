package io.millrace.trainer.learner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.AdamW;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.StepWeights;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.trainer.objective.Objective;
import io.millrace.trainer.objective.SmoothnessTerm;
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

    /** The passes of one part, and the terms that they gave. */
    private record Part(NDManager scope, ForwardPass pass, List<TermValue> terms) {}

    /** The gradients of one part, and the loss that they are of, a scalar. */
    private record Backward(StepWeights.PartGradients gradients, NDArray loss) {}

    /**
     * What the passes backward give.
     *
     * @param gradients of the trained weights, in their order
     * @param losses of each part, a scalar
     */
    record Gradients(NDList gradients, NDList losses) {}

    /**
     * A step's numbers, read from the device together.
     *
     * @param terms the unweighted terms of the whole mini-batch by name
     * @param total their weighted sum
     * @param norm the global norm of the gradients
     * @param usable whether the step was taken
     */
    record Numbers(Map<String, Double> terms, float total, float norm, boolean usable) {

        StepResult result(double learningRate, StepResult.BatchSummary batch) {
            return new StepResult(usable, terms, total, norm, learningRate, batch);
        }
    }

    private ShardedStep(ModelState.Prepared model, double lambdaFactor, List<Part> parts) {
        this.model = model;
        this.lambdaFactor = lambdaFactor;
        this.parts = parts;
        for (Part part : parts) {
            part.terms.forEach(term -> counts.merge(term.name(), term.count(), Integer::sum));
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
        return new Part(scope, passes.current(), terms);
    }

    /** The share of a part's term in that of the whole. */
    private double share(TermValue term) {
        int count = counts.getOrDefault(term.name(), 0);
        return count == 0 ? 1.0 / parts.size() : (double) term.count() / count;
    }

    /** Runs the passes backward. */
    Gradients gradients() {
        List<Backward> backward = model.workers().run(parts.size(), i -> {
            Part part = parts.get(i);
            try (GradMode on = GradMode.on()) {
                NDArray loss = Objective.total(
                        part.scope, part.terms, term -> share(term) * Objective.weight(term, lambdaFactor));
                return new Backward(part.pass.gradients(loss), loss);
            }
        });
        NDList losses = new NDList();
        backward.forEach(part -> losses.add(part.loss));
        return new Gradients(
                model.gradients(backward.stream().map(Backward::gradients).toList()), losses);
    }

    /** Reads the step's numbers, the first and only time that it waits for the device. */
    Numbers read(AdamW.Checked checked) {
        NDList values = new NDList();
        parts.forEach(part -> part.terms.forEach(term -> values.add(term.value())));
        values.add(checked.norm());
        values.add(checked.unusable());
        float[] read = read(values);
        Map<String, Double> terms = new LinkedHashMap<>();
        double total = 0;
        int next = 0;
        for (Part part : parts) {
            for (TermValue term : part.terms) {
                double value = share(term) * read[next++];
                terms.merge(term.name(), value, Double::sum);
                total += Objective.weight(term, lambdaFactor) * value;
            }
        }
        terms.remove(SmoothnessTerm.SKIPPED, 0.0);
        return new Numbers(terms, (float) total, read[next], read[next + 1] == 0);
    }

    private static float[] read(NDList scalars) {
        try (GradMode off = GradMode.off()) {
            return NDArrays.stack(scalars).toFloatArray();
        }
    }

    @Override
    public void close() {
        parts.forEach(part -> part.scope.close());
    }
}
