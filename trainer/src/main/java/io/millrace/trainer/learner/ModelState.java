package io.millrace.trainer.learner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.AdamW;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.OpenedSoFar;
import io.millrace.encoder.ShallowDecoder;
import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.Weights;
import io.millrace.encoder.WordRows;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.safetensors.SafetensorsWriter;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.trainer.config.MaskedTokensConfig.MaskedEncoder;
import io.millrace.trainer.config.OptimizerConfig;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.objective.CollatedBatch;
import io.millrace.trainer.objective.StepContext;
import io.millrace.trainer.objective.StepRandom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A learner's native memory: weights, optimizer, reference model, decoder, tokenizer. Saves, restores and closes them. */
final class ModelState implements AutoCloseable {

    static final String OPTIMIZER_FILE = "optimizer.safetensors";
    static final String REFERENCE_FILE = "reference.safetensors";
    static final String DECODER_FILE = "decoder.safetensors";

    private final TrainingConfig config;
    private final EncoderCheckpoint source;
    private final boolean masksTokens;
    private final boolean frozen;
    private final TextTokenizer tokenizer;
    private final TextEncoder encoder;
    private final Weights weights;
    private final Optional<WordRows> words;
    private final Optional<Weights> reference;
    private final Optional<ShallowDecoder> decoder;
    private final AdamW optimizer;
    private OutputHead head;

    /**
     * The state at step 0.
     *
     * @param masksTokens whether masked-token prediction takes part
     */
    ModelState(TrainingConfig config, EncoderCheckpoint source, OutputHead head, boolean masksTokens) {
        this(config, source, head, masksTokens, /* frozen */ false);
    }

    /**
     * The state at step 0.
     *
     * @param frozen whether of the model only the masked-token head is trained; the encoder then runs without gradients and dropout
     */
    ModelState(TrainingConfig config, EncoderCheckpoint source, OutputHead head, boolean masksTokens, boolean frozen) {
        this.frozen = frozen;
        this.config = config;
        this.source = source;
        this.head = head;
        this.masksTokens = masksTokens;
        try (OpenedSoFar opened = new OpenedSoFar()) {
            tokenizer = opened.add(source.openTokenizer(config.batching().maxTokens()));
            encoder = opened.add(TextEncoder.open(source, config.compute()));
            weights = source.loadWeights(
                    encoder.manager(), head, new StepRandom(config.seed(), 0).generator(StepRandom.Purpose.HEAD));
            reference = config.objective().method().usesSmart() ? Optional.of(weights.copy()) : Optional.empty();
            if (frozen) {
                weights.requireGradientsOfTokenHead();
            } else {
                weights.requireGradients();
            }
            words = masksTokens ? Optional.empty() : Optional.of(new WordRows(encoder.manager(), weights));
            decoder = masksTokens && config.objective().maskedTokens().maskedEncoder() == MaskedEncoder.EXCLUDED
                    ? Optional.of(ShallowDecoder.draw(
                            source,
                            encoder.manager(),
                            config.objective().maskedTokens().decoder().layers(),
                            new StepRandom(config.seed(), 0).generator(StepRandom.Purpose.DECODER)))
                    : Optional.empty();
            if (head.kind() == OutputHead.Kind.NONE) {
                // The second phase of a pre-training begins with the decoder of the first.
                resumeDecoder(config.encoder());
            }
            optimizer = new AdamW(encoder.manager(), trained(), settings(config.optimizer()), words);
            opened.keep();
        }
    }

    private static AdamW.Settings settings(OptimizerConfig config) {
        return new AdamW.Settings(
                config.beta1(), config.beta2(), config.adamEpsilon(), config.weightDecay(), config.gradNormMax());
    }

    private Map<String, NDArray> trained() {
        Map<String, NDArray> trained =
                new LinkedHashMap<>(frozen ? weights.ofTokenHead() : weights.trainable(masksTokens));
        decoder.ifPresent(shallow -> trained.putAll(shallow.byName()));
        return trained;
    }

    /** Restores what {@link #save} wrote, except the weights, which the constructor loaded. */
    void resume(Path directory) throws IOException {
        if (resumeDecoder(directory)) {
            optimizer.follow(trained());
        }
        optimizer.resume(directory.resolve(OPTIMIZER_FILE));
        if (reference.isPresent() && Files.exists(directory.resolve(REFERENCE_FILE))) {
            try (Weights stored = source.loadWeights(
                            REFERENCE_FILE,
                            encoder.manager(),
                            head,
                            new StepRandom(config.seed(), 0).generator(StepRandom.Purpose.HEAD));
                    NDManager scope = encoder.manager().newSubManager()) {
                optimizer.blend(scope, reference.get(), stored, 1);
            }
        }
    }

    /** Whether there is a decoder, and {@code directory} holds one for it. */
    private boolean resumeDecoder(Path directory) {
        Path file = directory.resolve(DECODER_FILE);
        if (decoder.isEmpty() || !Files.exists(file)) {
            return false;
        }
        decoder.get().resume(file);
        return true;
    }

    /**
     * Grows the head.
     *
     * @param grown a head with the current labels and more
     * @param random randomness of the step that needs it
     */
    void grow(OutputHead grown, StepRandom random) {
        int classes = grown.labels().size();
        source.growHead(weights, classes, random.generator(StepRandom.Purpose.HEAD));
        reference.ifPresent(follower -> source.growHead(follower, classes, random.generator(StepRandom.Purpose.HEAD)));
        optimizer.follow(trained());
        head = grown;
    }

    /** Writes everything into an existing directory; the weights as a Hugging Face checkpoint. */
    void save(Path directory) throws IOException {
        source.write(directory, weights(), head, config.batching().maxTokens());
        try (NDManager scope = encoder.manager().newSubManager()) {
            SafetensorsWriter.write(directory.resolve(OPTIMIZER_FILE), optimizer.moments(scope));
        }
        if (reference.isPresent()) {
            SafetensorsWriter.write(
                    directory.resolve(REFERENCE_FILE), reference.get().byName());
        }
        if (decoder.isPresent()) {
            SafetensorsWriter.write(
                    directory.resolve(DECODER_FILE), decoder.get().byName());
        }
    }

    /**
     * The passes of one step; they live as long as {@code scope}.
     *
     * @param batch all that the passes read
     */
    StepContext.Passes passes(NDManager scope, CollatedBatch batch, StepRandom random) {
        RandomGenerator dropout = random.generator(StepRandom.Purpose.DROPOUT);
        ForwardPass current = frozen ? encoder.inferencePass(scope, weights) : trainingPass(scope, batch, dropout);
        Optional<ForwardPass> constant = reference.map(follower -> {
            try (GradMode off = GradMode.off()) {
                return encoder.inferencePass(scope, follower);
            }
        });
        return new StepContext.Passes(
                current,
                encoder.withoutDropout(current),
                constant,
                decoder,
                (loss, input) -> optimizer.inputGradient(scope, loss, input));
    }

    private ForwardPass trainingPass(NDManager scope, CollatedBatch batch, RandomGenerator dropout) {
        return words.map(rows -> encoder.trainingPass(scope, weights, rows, batch.packed(), dropout))
                .orElseGet(() -> encoder.trainingPass(scope, weights, dropout));
    }

    OutputHead head() {
        return head;
    }

    TextTokenizer tokenizer() {
        return tokenizer;
    }

    TextEncoder encoder() {
        return encoder;
    }

    /** The weights, all of them up to date. */
    Weights weights() {
        words.ifPresent(WordRows::settle);
        return weights;
    }

    /** The weights, of whose word embedding only the rows of {@code batch} need be up to date. */
    Weights weightsFor(CollatedBatch batch) {
        words.ifPresent(rows -> rows.publish(batch.packed()));
        return weights;
    }

    Optional<Weights> reference() {
        return reference;
    }

    AdamW optimizer() {
        return optimizer;
    }

    @Override
    public void close() {
        encoder.close();
        tokenizer.close();
    }
}
