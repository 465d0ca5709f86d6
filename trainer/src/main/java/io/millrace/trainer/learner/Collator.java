package io.millrace.trainer.learner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.TextBatch;
import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.UnlabelledText;
import io.millrace.trainer.objective.CollatedBatch;

import java.util.List;
import java.util.Optional;

/** Turns the examples and texts of a step into tensors: tokens, targets, weights. */
record Collator(TextTokenizer tokenizer, TextEncoder encoder) {

    /** The batch of one step; its tensors live as long as {@code scope}. The labels of the examples are labels of {@code head}. */
    CollatedBatch collate(
            NDManager scope, OutputHead head, List<LabelledExample> examples, List<UnlabelledText> unlabelled) {
        return new CollatedBatch(
                examples.isEmpty() ? Optional.empty() : Optional.of(labelled(scope, head, examples)),
                unlabelled.isEmpty()
                        ? Optional.empty()
                        : Optional.of(pack(
                                scope,
                                unlabelled.stream()
                                        .map(text -> new TextInput(text.text(), null))
                                        .toList())),
                tokenizer.maskId());
    }

    private CollatedBatch.Labelled labelled(NDManager scope, OutputHead head, List<LabelledExample> examples) {
        boolean isRegression = head.kind() == OutputHead.Kind.SCORE;
        double[] targets =
                examples.stream().mapToDouble(example -> target(example, head)).toArray();
        return new CollatedBatch.Labelled(
                pack(
                        scope,
                        examples.stream()
                                .map(example -> new TextInput(example.text(), example.textPair()))
                                .toList()),
                isRegression ? floats(scope, targets) : classes(scope, targets),
                weights(scope, examples),
                isRegression);
    }

    private TextBatch pack(NDManager scope, List<TextInput> inputs) {
        return encoder.pack(scope, tokenizer.tokenize(inputs));
    }

    /** Index of an example's label among those of the head, or the number itself for a regression. */
    static double target(LabelledExample example, OutputHead head) {
        if (head.kind() == OutputHead.Kind.SCORE) {
            return Double.parseDouble(example.label());
        }
        int label = head.labels().indexOf(example.label());
        if (label < 0) {
            throw new IllegalArgumentException("example " + example.id() + " has the label \"" + example.label()
                    + "\", which is none of the model's. Ingest and trainer must share one configuration.");
        }
        return label;
    }

    private static Optional<NDArray> weights(NDManager scope, List<LabelledExample> examples) {
        double[] weights = examples.stream()
                .mapToDouble(example -> example.weight() == null ? 1 : example.weight())
                .toArray();
        for (double weight : weights) {
            if (weight != 1) {
                return Optional.of(floats(scope, weights));
            }
        }
        return Optional.empty();
    }

    private static NDArray classes(NDManager scope, double[] targets) {
        long[] classes = new long[targets.length];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (long) targets[i];
        }
        return scope.create(classes);
    }

    private static NDArray floats(NDManager scope, double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return scope.create(floats);
    }
}
