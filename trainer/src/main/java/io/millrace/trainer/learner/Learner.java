package io.millrace.trainer.learner;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.AdamW;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.Inference;
import io.millrace.encoder.OpenedSoFar;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.schemas.Adjustments;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.UnlabelledText;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.drift.DriftFile;
import io.millrace.trainer.drift.StreamDrift;
import io.millrace.trainer.learner.StepClock.Part;
import io.millrace.trainer.learner.StepResult.BatchSummary;
import io.millrace.trainer.objective.Objective;
import io.millrace.trainer.objective.StepRandom;
import io.millrace.trainer.replay.ReplayBuffer;
import io.millrace.trainer.replay.ReplayFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One task's model, optimizer, reference model and replay buffer. It tests, trains, saves and resumes, and knows nothing of Kafka. The
 * same state and the same mini-batches give the same bytes, for the same number of shards. Owns native memory; use it on one thread.
 */
public final class Learner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Learner.class);

    private final TrainingConfig config;
    private final double tolerance;
    private final ModelState state;
    private final Objective objective;
    private final ReplayBuffer replay;
    private final Collator collator;
    private final FreshAnswers freshAnswers = new FreshAnswers();
    private Adjustments adjustments = Adjustments.NONE;
    private final Optional<StreamWatch> watch;
    private StepClock clock = StepClock.OFF;
    private long step;

    private Learner(
            TrainingConfig config,
            double tolerance,
            ModelState state,
            Objective objective,
            Resumed from,
            Optional<StreamWatch> watch) {
        this.config = config;
        this.tolerance = tolerance;
        this.state = state;
        this.objective = objective;
        this.replay = from.replay();
        this.step = from.step();
        this.watch = watch;
        this.collator = new Collator(state.tokenizer(), state.workers());
    }

    /** Where a learner resumes; pre-training watches no stream. */
    private record Resumed(ReplayBuffer replay, long step, Optional<StreamDrift> drift, boolean resumes) {}

    /** A learner at step 0, from the encoder that the task's configuration names. */
    public static Learner start(TrainedTask trained) {
        EncoderCheckpoint source = EncoderCheckpoint.read(trained.training().encoder());
        OutputHead head = headOf(trained.task());
        // Most encoders have no head for a task: only a trained head that does not fit is worth a warning.
        source.startOf(head).notice().ifPresent(notice -> LOG.atLevel(
                        source.head().isPresent() ? Level.WARN : Level.INFO)
                .log(
                        "task {}, training.encoder {}: {}",
                        trained.task().name(),
                        trained.training().encoder(),
                        notice));
        return of(
                trained,
                source,
                head,
                new Resumed(
                        new ReplayBuffer(trained.training().replay()),
                        0,
                        Optional.of(new StreamDrift(trained)),
                        false));
    }

    /**
     * The learner saved in {@code directory}, with the labels that it had learned.
     *
     * @param step its step when it was saved
     */
    public static Learner resume(TrainedTask trained, Path directory, long step) {
        EncoderCheckpoint source = EncoderCheckpoint.read(directory);
        Learner learner = of(
                trained,
                source,
                source.head().orElseGet(() -> headOf(trained.task())),
                new Resumed(
                        ReplayFile.read(directory, trained.training().replay()),
                        step,
                        Optional.of(DriftFile.read(directory, trained)),
                        true));
        return learner.resumed(directory);
    }

    private static Learner of(TrainedTask trained, EncoderCheckpoint source, OutputHead head, Resumed from) {
        TrainingConfig config = trained.training();
        if (config.usesMaskedTokens()) {
            source.requireTokenHead("task " + trained.task().name() + ", training." + config.maskedTokensKey() + ",");
        }
        try (OpenedSoFar opened = new OpenedSoFar()) {
            ModelState state = opened.add(ModelState.ofTask(config, source, head, from.resumes()));
            int vocabulary = state.weights().vocabulary();
            TokenHeadNotice.log(trained, source);
            Optional<StreamWatch> watch = from.drift().map(drift -> opened.add(new StreamWatch(trained, drift)));
            Learner learner = new Learner(
                    config, trained.task().tolerance(), state, Objective.of(config, vocabulary), from, watch);
            opened.keep();
            return learner;
        }
    }

    private static OutputHead headOf(Task task) {
        return task.kind().isRegression() ? OutputHead.score() : OutputHead.classes(task.labels());
    }

    /**
     * A learner for pre-training, on unlabelled texts alone, at step 0. If the configured encoder has no weights, they are drawn.
     */
    public static Learner ofTexts(TrainingConfig config, TextPhase phase) {
        return ofTexts(config, phase, EncoderCheckpoint.readUntrained(config.encoder()), 0);
    }

    /** Like {@link #resume}, for pre-training. */
    public static Learner resumeOfTexts(TrainingConfig config, TextPhase phase, Path directory, long step) {
        return ofTexts(config, phase, EncoderCheckpoint.read(directory), step).resumed(directory);
    }

    private static Learner ofTexts(TrainingConfig config, TextPhase phase, EncoderCheckpoint source, long step) {
        source.requireTokenHead("pre-training");
        try (OpenedSoFar opened = new OpenedSoFar()) {
            ModelState state = opened.add(ModelState.ofTexts(config, source, phase));
            if (state.tokenizer().maskId().isEmpty()) {
                throw new IllegalArgumentException(
                        config.encoder()
                                + ": pre-training masks tokens, but the tokenizer has no [MASK] or <mask> token. Give an encoder that has one.");
            }
            Learner learner = new Learner(
                    config,
                    0,
                    state,
                    Objective.ofTexts(config, state.weights().vocabulary()),
                    new Resumed(new ReplayBuffer(config.replay()), step, Optional.empty(), false),
                    Optional.empty());
            opened.keep();
            return learner;
        }
    }

    private Learner resumed(Path directory) {
        try (OpenedSoFar opened = new OpenedSoFar()) {
            opened.add(this);
            state.resume(directory);
            opened.keep();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot resume from " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Trains under these adjustments from the next step on. They are not part of the learner's saved state. */
    public void adjust(Adjustments next) {
        adjustments = next;
    }

    /** How many examples of the past join {@code fresh} new ones. */
    private int joining(int fresh) {
        Double share = adjustments.replayShare();
        return (share == null ? config.replay() : config.replay().withShare(share)).joining(fresh);
    }

    /** The native memory, for what works on a learner beside its steps. */
    ModelState state() {
        return state;
    }

    /** Optimizer steps done. */
    public long step() {
        return step;
    }

    /** How many parts it divides mini-batches into; null if it does not divide them. */
    public @Nullable Integer shards() {
        int shards = state.workers().count();
        return shards == 1 ? null : shards;
    }

    /** The model's labels, in the order of its logits; none for a regression. */
    public List<String> labels() {
        return state.head().labels();
    }

    /** The model's current outputs for texts, without dropout: class probabilities, or one number. Shape [inputs, logits]. */
    public float[][] outputs(List<TextInput> inputs) {
        return Inference.of(
                state.encoder(),
                state.weights(),
                state.head(),
                state.tokenizer().tokenize(inputs));
    }

    /**
     * Tests the model on new examples, then trains it on them, on replayed examples if the task has any, and on unlabelled texts: one
     * optimizer step. A label new to the model grows its head. If the loss or the gradient is not finite,
     * nothing is trained and the result says so.
     *
     * @param fresh examples that the model has not seen, in the order of the stream; empty in pre-training
     */
    public StepResult learn(List<LabelledExample> fresh, List<UnlabelledText> texts) {
        return step(fresh, texts, true);
    }

    /** Like {@link #learn}, but without the test before; for benchmarks. */
    public StepResult train(List<LabelledExample> fresh, List<UnlabelledText> texts) {
        return step(fresh, texts, false);
    }

    /** Tells {@code listener} where each step is from now on; for benchmarks. */
    public void measure(StepClock listener) {
        clock = listener;
    }

    private StepResult step(List<LabelledExample> fresh, List<UnlabelledText> texts, boolean isTested) {
        StepRandom random = new StepRandom(config.seed(), step + 1);
        growFor(fresh, random);
        RandomGenerator choice = random.generator(StepRandom.Purpose.REPLAY);
        List<LabelledExample> examples = new ArrayList<>(fresh);
        examples.addAll(replay.draw(joining(fresh.size()), choice));
        try (NDManager scope = state.encoder().manager().newSubManager()) {
            clock.lap(Part.OTHER);
            TokenizedExamples batch = collator.collate(state.head(), examples, texts);
            clock.lap(Part.TOKENIZE);
            BatchSummary summary = summary(batch, fresh, isTested);
            clock.lap(Part.OTHER);
            StepResult result = update(scope, batch, summary, random);
            if (result.applied() && isTested) {
                freshAnswers.add(fresh, result.batch().right());
            }
            if (result.applied() && config.replay().share() > 0) {
                fresh.forEach(example -> replay.offer(example, choice));
            }
            return result;
        }
    }

    private void growFor(List<LabelledExample> fresh, StepRandom random) {
        if (state.head().kind() != OutputHead.Kind.CLASSES) {
            return;
        }
        List<String> labels = new ArrayList<>(labels());
        for (LabelledExample example : fresh) {
            if (!labels.contains(example.label())) {
                labels.add(example.label());
            }
        }
        if (labels.size() > labels().size()) {
            state.grow(OutputHead.classes(labels), random);
        }
    }

    /** Tests the model, if {@code isTested}, on the new examples, which come first in the batch. */
    private BatchSummary summary(TokenizedExamples batch, List<LabelledExample> fresh, boolean isTested) {
        List<TokenizedText> texts = batch.labelled().subList(0, fresh.size());
        float[][] outputs = isTested && !texts.isEmpty()
                ? Inference.of(state.encoder(), state.weightsFor(texts), state.head(), texts)
                : new float[0][];
        boolean isClassifier = state.head().kind() == OutputHead.Kind.CLASSES;
        int[] answers = new int[isClassifier ? outputs.length : 0];
        boolean[] right = new boolean[outputs.length];
        for (int i = 0; i < outputs.length; i++) {
            double target = Collator.target(fresh.get(i), state.head());
            if (isClassifier) {
                answers[i] = BatchCounts.largest(outputs[i]);
                right[i] = answers[i] == (int) target;
            } else {
                right[i] = Math.abs(outputs[i][0] - target) <= tolerance;
            }
        }
        float[][] embeddings = isTested && !texts.isEmpty()
                ? watch.map(stream -> stream.embeddings(texts)).orElse(new float[0][])
                : new float[0][];
        int truncated = BatchCounts.truncated(texts) + BatchCounts.truncated(batch.unlabelled());
        return new BatchSummary(right, answers, batch.tokens(), truncated, unknownShares(texts), embeddings);
    }

    private double[] unknownShares(List<TokenizedText> texts) {
        return texts.stream().mapToDouble(state.tokenizer()::unknownShare).toArray();
    }

    private StepResult update(NDManager scope, TokenizedExamples batch, BatchSummary summary, StepRandom random) {
        double learningRate = config.optimizer().learningRate()
                * config.optimizer().schedule().factor(step + 1)
                * adjustments.learningRateFactor();
        ModelState.Prepared model = state.prepare(scope, batch.texts());
        try (ShardedStep parts = ShardedStep.forward(model, objective, batch, random, adjustments.lambdaFactor())) {
            clock.lap(Part.FORWARD);
            ShardedStep.Gradients backward = parts.gradients();
            NDList gradients = backward.gradients();
            clock.lap(Part.BACKWARD);
            AdamW.Checked checked = state.optimizer().check(scope, gradients, backward.losses(), state.workers());
            clock.lap(Part.CLIP);
            state.optimizer().step(scope, gradients, checked, step + 1, learningRate, state.workers());
            ShardedStep.Numbers numbers = parts.read(checked);
            if (!numbers.usable()) {
                return numbers.result(learningRate, summary);
            }
            state.optimizer().stepped(learningRate);
            clock.lap(Part.OPTIMIZER);
            step++;
            state.reference().ifPresent(follower -> state.optimizer()
                    .blend(
                            scope,
                            follower,
                            state.weights(),
                            1 - config.objective().proximal().momentumAt(step)));
            clock.lap(Part.REFERENCE);
            return numbers.result(learningRate, summary);
        }
    }

    /**
     * Watches the examples of a step for drift. A caller that never does this writes no state of it.
     *
     * @param examples the step's new examples, with their offsets and the partition that these are in
     * @param tested what {@link #learn} said of them
     * @return the drift events, in their order
     */
    public List<DriftEvent> watch(OffsetExamples examples, BatchSummary tested) {
        return watch.map(stream -> stream.add(step, examples, tested)).orElse(List.of());
    }

    /** The watch for drift; empty in pre-training. */
    public Optional<StreamDrift> drift() {
        return watch.map(StreamWatch::drift);
    }

    /** Writes everything that {@link #resume} needs into an existing directory; the weights as a Hugging Face checkpoint. */
    public void save(Path directory) throws IOException {
        try (LearnerSnapshot now = snapshot()) {
            now.writeInto(directory);
        }
    }

    /** A copy of everything that {@link #resume} needs: a second one of its state in memory, until it is closed. */
    public LearnerSnapshot snapshot() {
        return new LearnerSnapshot(
                state.snapshot(),
                config.replay().share() > 0 ? Optional.of(replay.copy()) : Optional.empty(),
                freshAnswers.newest(),
                watch.flatMap(StreamWatch::taken));
    }

    /** Call it once a snapshot for a checkpoint is taken: the next one holds only examples that are fresh since this one. */
    public void checkpointed() {
        freshAnswers.clear();
    }

    @Override
    public void close() {
        watch.ifPresent(StreamWatch::close);
        state.close();
    }
}
