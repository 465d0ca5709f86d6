package io.millrace.trainer.learner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.AdamW;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.OpenedSoFar;
import io.millrace.encoder.ShallowDecoder;
import io.millrace.encoder.StepWeights;
import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.TrainedPart;
import io.millrace.encoder.Tuning;
import io.millrace.encoder.Weights;
import io.millrace.encoder.WordRows;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.Workers;
import io.millrace.schemas.store.FrozenWeights;
import io.millrace.trainer.config.MaskedTokensConfig.MaskedEncoder;
import io.millrace.trainer.config.OptimizerConfig;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.objective.StepContext;
import io.millrace.trainer.objective.StepRandom;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A learner's native memory: weights, optimizer, reference model, decoder, tokenizer. Saves, restores and closes them. */
final class ModelState implements AutoCloseable {

    static final String OPTIMIZER_FILE = "optimizer.safetensors";
    static final String REFERENCE_FILE = "reference.safetensors";
    static final String DECODER_FILE = "decoder.safetensors";

    private final TrainingConfig config;
    private final EncoderCheckpoint source;
    private final TrainedPart part;
    private final boolean headAlone;
    private final TextTokenizer tokenizer;
    private final TextEncoder encoder;
    private final Weights weights;
    private final Optional<WordRows> words;
    private final Optional<Weights> reference;
    private final Optional<ShallowDecoder> decoder;
    private final AdamW optimizer;
    private final Workers workers;
    private OutputHead head;
    private @Nullable FrozenWeights frozen;

    private ModelState(
            TrainingConfig config, EncoderCheckpoint source, OutputHead head, TrainedPart part, boolean headAlone) {
        this.headAlone = headAlone;
        this.config = config;
        this.source = source;
        this.head = head;
        this.part = part;
        boolean masksTokens = part.masksTokens();
        try (OpenedSoFar opened = new OpenedSoFar()) {
            tokenizer = opened.add(source.openTokenizer(config.batching().maxTokens()));
            encoder = opened.add(TextEncoder.open(source, config.compute(), part.tuning()));
            StepRandom random = new StepRandom(config.seed(), 0);
            Weights loaded = source.loadWeights(
                    encoder.manager(),
                    head,
                    part,
                    random.generator(StepRandom.Purpose.HEAD),
                    random.generator(StepRandom.Purpose.ADAPTERS));
            weights = headAlone ? loaded.withTrainedTokenHeadAlone() : loaded;
            workers = opened.add(new Workers(Shards.count(config, encoder)));
            reference = config.objective().method().usesSmart() ? Optional.of(weights.copy(workers)) : Optional.empty();
            words = masksTokens || part.tuning().isPartial()
                    ? Optional.empty()
                    : Optional.of(new WordRows(encoder.manager(), weights));
            decoder = masksTokens && config.objective().maskedTokens().maskedEncoder() == MaskedEncoder.EXCLUDED
                    ? Optional.of(ShallowDecoder.draw(
                            source,
                            encoder.manager(),
                            config.objective().maskedTokens().decoder().layers(),
                            random.generator(StepRandom.Purpose.DECODER)))
                    : Optional.empty();
            if (head.kind() == OutputHead.Kind.NONE) {
                // The second phase of a pre-training begins with the decoder of the first.
                resumeDecoder(config.encoder());
            }
            optimizer = new AdamW(encoder.manager(), trained(), settings(config.optimizer()), words);
            opened.keep();
        }
    }

    /**
     * The state of a task at step 0.
     *
     * @param resumes whether {@code source} is a checkpoint of the task
     */
    static ModelState ofTask(TrainingConfig config, EncoderCheckpoint source, OutputHead head, boolean resumes) {
        return new ModelState(
                config,
                source,
                head,
                new TrainedPart(config.tuning(), config.usesMaskedTokens(), resumes),
                /* headAlone */ false);
    }

    /** The state of a pre-training at step 0. Of an encoder that only gets a head, neither gradients nor dropout are computed. */
    static ModelState ofTexts(TrainingConfig config, EncoderCheckpoint source, TextPhase phase) {
        return new ModelState(
                config,
                source,
                OutputHead.none(),
                new TrainedPart(Tuning.FULL, /* masksTokens */ true, /* resumes */ false),
                phase == TextPhase.HEAD);
    }

    private static AdamW.Settings settings(OptimizerConfig config) {
        return new AdamW.Settings(
                config.beta1(), config.beta2(), config.adamEpsilon(), config.weightDecay(), config.gradNormMax());
    }

    private Map<String, NDArray> trained() {
        Map<String, NDArray> trained = new LinkedHashMap<>(weights.trainable(part.masksTokens()));
        decoder.ifPresent(shallow -> trained.putAll(shallow.byName()));
        return trained;
    }

    /** Restores what a {@link #snapshot} wrote, except the weights, which the constructor loaded. */
    void resume(Path directory) throws IOException {
        if (resumeDecoder(directory)) {
            optimizer.follow(trained());
        }
        optimizer.resume(directory.resolve(OPTIMIZER_FILE));
        if (reference.isPresent() && Files.exists(directory.resolve(REFERENCE_FILE))) {
            reference.get().restore(directory.resolve(REFERENCE_FILE));
        }
        if (part.tuning().isPartial()) {
            frozen = FrozenWeights.read(directory);
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

    /** A copy of everything that a checkpoint holds, to be closed before this. */
    StateSnapshot snapshot() {
        try (OpenedSoFar opened = new OpenedSoFar()) {
            StateSnapshot copy = opened.add(new StateSnapshot(
                    new ModelWriter(source, head, config, frozen()),
                    weights().copy(workers),
                    encoder.manager(),
                    workers));
            copy.addMoments(OPTIMIZER_FILE, optimizer);
            reference.ifPresent(follower -> copy.add(REFERENCE_FILE, follower.moving()));
            decoder.ifPresent(shallow -> copy.add(DECODER_FILE, shallow.byName()));
            opened.keep();
            return copy;
        }
    }

    /** The weights that stay as they are, where some do and are stored apart; their hash is computed once. */
    private Optional<FrozenWeights> frozen() {
        if (part.tuning().isPartial() && frozen == null) {
            frozen = source.frozen(weights);
        }
        return Optional.ofNullable(frozen);
    }

    /**
     * The model as the passes of one step read it.
     *
     * @param scope the step's manager
     * @param encoder the architecture
     * @param weights the weights in training
     * @param reference those of the reference model, if the objective has a proximal term
     * @param trained names of the weights that are trained
     * @param workers the threads of the step
     * @param headAlone whether of the model only the masked-token head is trained
     */
    record Prepared(
            NDManager scope,
            TextEncoder encoder,
            StepWeights weights,
            Optional<StepWeights> reference,
            Set<String> trained,
            Workers workers,
            boolean headAlone) {

        /** The passes of one thread. */
        StepContext.Passes passes(NDManager thread, StepRandom random) {
            ForwardPass current = encoder.trainingPass(thread, weights, random.generator(StepRandom.Purpose.DROPOUT));
            ForwardPass withoutDropout = encoder.withoutDropout(current);
            return new StepContext.Passes(
                    headAlone ? withoutDropout : current,
                    withoutDropout,
                    reference.map(constant -> encoder.inferencePass(thread, constant)));
        }

        /** The gradients of the trained weights, in the optimizer's order. */
        NDList gradients(List<StepWeights.PartGradients> parts) {
            return weights.gradients(trained, parts, workers);
        }
    }

    /**
     * Begins a step.
     *
     * @param scope the step's manager
     * @param texts all that its passes read
     */
    Prepared prepare(NDManager scope, List<TokenizedText> texts) {
        words.ifPresent(rows -> rows.begin(texts));
        return new Prepared(
                scope,
                encoder,
                encoder.prepare(scope, new StepWeights.Trained(weights, words, decoder)),
                reference.map(constant -> encoder.prepare(scope, constant)),
                trained().keySet(),
                workers,
                headAlone);
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

    /** The weights, of whose word embedding only the rows of {@code texts} need be up to date. */
    Weights weightsFor(List<TokenizedText> texts) {
        words.ifPresent(rows -> rows.publish(texts));
        return weights;
    }

    Optional<Weights> reference() {
        return reference;
    }

    AdamW optimizer() {
        return optimizer;
    }

    /** The threads that share a step. */
    Workers workers() {
        return workers;
    }

    @Override
    public void close() {
        workers.close();
        encoder.close();
        tokenizer.close();
    }
}
