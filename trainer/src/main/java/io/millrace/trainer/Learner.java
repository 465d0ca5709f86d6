package io.millrace.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.AdamW;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.GradMode;
import io.millrace.encoder.SafetensorsWriter;
import io.millrace.encoder.TextBatch;
import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.TextTokenizer;
import io.millrace.encoder.Weights;
import io.millrace.schemas.Task;
import io.millrace.trainer.config.OptimizerConfig;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.objective.Objective;
import io.millrace.trainer.objective.StepContext;
import io.millrace.trainer.objective.StepRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One task's model, its optimizer and its reference: predicts, updates, saves, resumes. It knows nothing of Kafka; the same state
 * and the same mini-batches give the same bytes. Owns native memory; use it on one thread.
 */
public final class Learner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Learner.class);

    static final String OPTIMIZER_FILE = "optimizer.safetensors";
    static final String REFERENCE_FILE = "reference.safetensors";

    private final Task task;
    private final TrainingConfig config;
    private final EncoderCheckpoint source;
    private final TextTokenizer tokenizer;
    private final TextEncoder encoder;
    private final Weights weights;
    private final Optional<Weights> reference;
    private final AdamW optimizer;
    private final Objective objective;
    private long step;

    private Learner(TrainedTask trained, EncoderCheckpoint source, long step) {
        this.task = trained.task();
        this.config = trained.training();
        this.source = source;
        this.step = step;
        tokenizer = source.openTokenizer(config.batching().maxTokens());
        encoder = TextEncoder.open(source, config.compute());
        weights = source.loadWeights(
                encoder.manager(), task.labels(), new StepRandom(config.seed(), 0).generator(StepRandom.Purpose.HEAD));
        reference = config.objective().method().usesSmart() ? Optional.of(weights.copy()) : Optional.empty();
        weights.requireGradients();
        optimizer = new AdamW(
                encoder.manager(),
                weights.trainable(config.objective().method().usesMaskTuning()),
                settings(config.optimizer()));
        objective = Objective.of(config.objective(), weights.vocabulary());
        if (config.objective().method().usesMaskTuning() && !source.hasTokenHead()) {
            LOG.warn(
                    "task {}: the checkpoint has no masked-token head. A fresh one is drawn; its loss starts near ln({}) = {} and swamps"
                            + " the task loss at first. Give an encoder with its head, or a smaller maskTuning.alpha.",
                    task.name(),
                    weights.vocabulary(),
                    Math.log(weights.vocabulary()));
        }
    }

    private static AdamW.Settings settings(OptimizerConfig config) {
        return new AdamW.Settings(
                config.beta1(), config.beta2(), config.adamEpsilon(), config.weightDecay(), config.gradNormMax());
    }

    /** A learner at step 0, from the encoder that the task's configuration names. */
    public static Learner start(TrainedTask trained) {
        return new Learner(trained, EncoderCheckpoint.read(trained.training().encoder()), 0);
    }

    /**
     * The learner that was saved into {@code directory}.
     *
     * @param step its step then
     */
    public static Learner resume(TrainedTask trained, Path directory, long step) {
        Learner learner = new Learner(trained, EncoderCheckpoint.read(directory), step);
        try {
            learner.optimizer.resume(directory.resolve(OPTIMIZER_FILE));
            if (learner.reference.isPresent() && Files.exists(directory.resolve(REFERENCE_FILE))) {
                learner.resumeReference();
            }
            return learner;
        } catch (IOException e) {
            learner.close();
            throw new UncheckedIOException("cannot resume from " + directory + ": " + e.getMessage(), e);
        }
    }

    private void resumeReference() {
        try (Weights stored = source.loadWeights(
                        REFERENCE_FILE,
                        encoder.manager(),
                        task.labels(),
                        new StepRandom(config.seed(), 0).generator(StepRandom.Purpose.HEAD));
                NDManager scope = encoder.manager().newSubManager()) {
            optimizer.blend(scope, reference.orElseThrow(), stored, 1);
        }
    }

    /** Optimizer steps done. */
    public long step() {
        return step;
    }

    /** Brings examples into tokens. */
    public TokenizedBatch tokenize(List<TrainingExample> examples) {
        return new TokenizedBatch(
                tokenizer.tokenize(examples.stream().map(TrainingExample::input).toList()), examples);
    }

    /** The most probable label of each example, by the model as it is, dropout off. */
    public int[] predict(TokenizedBatch batch) {
        try (GradMode off = GradMode.off();
                NDManager scope = encoder.manager().newSubManager()) {
            long[] classes = encoder.inferencePass(scope, weights)
                    .classLogits(encoder.pack(scope, batch.texts()))
                    .argMax(-1)
                    .toLongArray();
            int[] labels = new int[classes.length];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = (int) classes[i];
            }
            return labels;
        }
    }

    /** One optimizer step. If the loss or the gradient is not finite, nothing changes and the outcome says so. */
    public StepOutcome update(TokenizedBatch batch) {
        StepRandom random = new StepRandom(config.seed(), step + 1);
        double learningRate = config.optimizer().learningRate()
                * config.optimizer().schedule().factor(step + 1);
        try (GradMode on = GradMode.on();
                NDManager scope = encoder.manager().newSubManager()) {
            random.seedEngine(StepRandom.Purpose.HEAD_DROPOUT);
            Objective.Value value = objective.evaluate(context(scope, batch, random));
            Map<String, Double> terms = new LinkedHashMap<>();
            value.terms().forEach((name, term) -> terms.put(name, (double) term.getFloat()));
            float total = value.total().getFloat();
            if (!Float.isFinite(total)) {
                return new StepOutcome(false, terms, total, Double.NaN, learningRate);
            }
            NDList gradients = optimizer.gradients(scope, value.total());
            float norm = optimizer.globalNorm(scope, gradients);
            if (!Float.isFinite(norm)) {
                return new StepOutcome(false, terms, total, norm, learningRate);
            }
            optimizer.step(scope, gradients, norm, step + 1, learningRate);
            step++;
            reference.ifPresent(follower -> optimizer.blend(
                    scope, follower, weights, 1 - config.objective().proximal().momentumAt(step)));
            return new StepOutcome(true, terms, total, norm, learningRate);
        }
    }

    private StepContext context(NDManager scope, TokenizedBatch batch, StepRandom random) {
        TextBatch packed = encoder.pack(scope, batch.texts());
        ForwardPass current = encoder.trainingPass(scope, weights, random.generator(StepRandom.Purpose.DROPOUT));
        Optional<ForwardPass> anchor = reference.map(follower -> {
            try (GradMode off = GradMode.off()) {
                return encoder.inferencePass(scope, follower);
            }
        });
        long[] labels =
                batch.examples().stream().mapToLong(TrainingExample::label).toArray();
        return new StepContext(
                scope,
                new StepContext.Passes(current, anchor, (loss, input) -> optimizer.inputGradient(scope, loss, input)),
                new StepContext.Examples(
                        packed, scope.create(labels), exampleWeights(scope, batch), tokenizer.maskId()),
                random);
    }

    private static Optional<NDArray> exampleWeights(NDManager scope, TokenizedBatch batch) {
        if (batch.examples().stream().allMatch(example -> example.weight() == 1)) {
            return Optional.empty();
        }
        float[] factors = new float[batch.examples().size()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = (float) batch.examples().get(i).weight();
        }
        return Optional.of(scope.create(factors));
    }

    /** Writes everything that {@link #resume} needs into an existing directory; the weights as a Hugging Face checkpoint. */
    public void save(Path directory) throws IOException {
        source.write(directory, weights, task.labels(), config.batching().maxTokens());
        SafetensorsWriter.write(directory.resolve(OPTIMIZER_FILE), optimizer.moments());
        if (reference.isPresent()) {
            SafetensorsWriter.write(
                    directory.resolve(REFERENCE_FILE), reference.get().byName());
        }
    }

    @Override
    public void close() {
        encoder.close();
        tokenizer.close();
    }
}
