package io.millrace.trainer.learner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.trainer.objective.Output;
import io.millrace.trainer.objective.StepContext;
import io.millrace.trainer.objective.StepRandom;

import java.util.List;
import java.util.Optional;

/** Brings what a step trains on, and the passes over it, into the form that the objective reads. */
final class Collator {

    private final ModelState state;

    Collator(ModelState state) {
        this.state = state;
    }

    /** The context of one step; everything in it lives as long as {@code scope}. */
    StepContext context(NDManager scope, TokenizedBatch batch, List<TokenizedText> texts, StepRandom random) {
        ForwardPass current =
                state.encoder().trainingPass(scope, state.weights(), random.generator(StepRandom.Purpose.DROPOUT));
        Optional<ForwardPass> anchor = state.reference().map(follower -> {
            try (GradMode off = GradMode.off()) {
                return state.encoder().inferencePass(scope, follower);
            }
        });
        StepContext.Passes passes = new StepContext.Passes(
                current,
                state.encoder().withoutDropout(current),
                anchor,
                state.decoder(),
                (loss, input) -> state.optimizer().inputGradient(scope, loss, input));
        StepContext.Batches batches = new StepContext.Batches(
                batch.texts().isEmpty() ? Optional.empty() : Optional.of(examples(scope, batch)),
                texts.isEmpty() ? Optional.empty() : Optional.of(state.encoder().pack(scope, texts)),
                state.tokenizer().maskId());
        return new StepContext(scope, passes, batches, random);
    }

    private StepContext.Examples examples(NDManager scope, TokenizedBatch batch) {
        boolean regression = state.head().kind() == OutputHead.Kind.SCORE;
        return new StepContext.Examples(
                state.encoder().pack(scope, batch.texts()),
                regression ? scores(scope, batch) : classes(scope, batch),
                weights(scope, batch),
                regression ? Output.SCORE : Output.CLASSES);
    }

    private static NDArray classes(NDManager scope, TokenizedBatch batch) {
        return scope.create(batch.examples().stream()
                .mapToLong(example -> (long) example.target())
                .toArray());
    }

    private static NDArray scores(NDManager scope, TokenizedBatch batch) {
        float[] scores = new float[batch.examples().size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) batch.examples().get(i).target();
        }
        return scope.create(scores);
    }

    private static Optional<NDArray> weights(NDManager scope, TokenizedBatch batch) {
        if (batch.examples().stream().allMatch(example -> example.weight() == 1)) {
            return Optional.empty();
        }
        float[] weights = new float[batch.examples().size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) batch.examples().get(i).weight();
        }
        return Optional.of(scope.create(weights));
    }
}
