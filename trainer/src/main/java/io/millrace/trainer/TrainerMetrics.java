package io.millrace.trainer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.Reaction;
import io.millrace.trainer.drift.StreamDrift;
import io.millrace.trainer.learner.StepResult;
import io.millrace.trainer.policy.TrainingPolicy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The meters of one task while this process holds its partition. Counters start at zero with the process and outlive this object, so
 * they never fall. Gauges are removed with it, so none shows an old value after the task has moved to another process. The counters
 * satisfy this identity at all times, where a task held elsewhere has none {@code pending}:
 *
 * <pre>accepted = trained + quarantined + malformed + released + pending</pre>
 *
 * where {@code accepted} counts the task's records read, {@code released} those given back untrained when the task left the process,
 * and {@code malformed} is 0 unless something other than ingest writes to {@code accepted-examples}, or a stream has more labels than
 * its task may grow to. Examples that a rollback undoes stay counted as trained; {@code millrace.trainer.undone} counts them in
 * addition. Unlabelled texts are counted in the same way, by {@code millrace.trainer.texts}.
 */
final class TrainerMetrics implements TrainingPolicy.Meters, AutoCloseable {

    /** The outcome of an accepted example or an unlabelled text: the tag {@code outcome}. */
    enum ExampleOutcome {
        TRAINED("trained"),
        QUARANTINED("quarantined"),
        MALFORMED("malformed"),
        RELEASED("released");

        private final String tag;

        ExampleOutcome(String tag) {
            this.tag = tag;
        }
    }

    private static final String TERM = "term";

    /** Most probe sets over all tasks of the process that have a gauge. */
    private static final int MAX_PROBE_SETS = 100;

    private static final String PROBE_REUSE = "millrace.trainer.probe.reuse";

    private final MeterRegistry registry;
    private final TrainerListener listener;
    private final String taskName;
    private final Tags task;
    private final Counter accepted;
    private final Counter undone;
    private final Counter textsRead;
    private final Counter tokens;
    private final Counter truncated;
    private final Counter checkpoints;
    private final Counter checkpointWaits;
    private final Timer checkpointStall;
    private final Timer checkpointWrite;
    private final Timer step;
    private final Map<String, Shown> gauges = new HashMap<>();

    /** A gauge and its value. The registry holds {@code value} weakly, this object does not. */
    private record Shown(Gauge gauge, AtomicReference<Double> value) {}

    /** Meters that nobody but the registry sees. */
    TrainerMetrics(MeterRegistry registry, String taskName) {
        this(registry, TrainerListener.NONE, taskName);
    }

    TrainerMetrics(MeterRegistry registry, TrainerListener listener, String taskName) {
        this.registry = registry;
        this.listener = listener;
        this.taskName = taskName;
        this.task = Tags.of("task", taskName);
        accepted = registry.counter("millrace.trainer.accepted", task);
        undone = registry.counter("millrace.trainer.undone", task);
        textsRead = registry.counter("millrace.trainer.texts.read", task);
        tokens = registry.counter("millrace.trainer.tokens", task);
        truncated = registry.counter("millrace.trainer.truncated", task);
        checkpoints = registry.counter("millrace.trainer.checkpoints", task);
        checkpointWaits = registry.counter("millrace.trainer.checkpoint.waits", task);
        checkpointStall = registry.timer("millrace.trainer.checkpoint.stall", task);
        checkpointWrite = registry.timer("millrace.trainer.checkpoint.write", task);
        step = registry.timer("millrace.trainer.step", task);
        for (ExampleOutcome outcome : ExampleOutcome.values()) {
            outcomes(outcome);
            textOutcomes(outcome);
        }
        for (DriftPhase phase : DriftPhase.values()) {
            drifts(phase);
        }
        reactions(Reaction.Cause.PROMOTION, Reaction.Action.RESET);
        reactions(Reaction.Cause.RECOVERY, Reaction.Action.RESET);
        for (Reaction.Action action : EnumSet.complementOf(EnumSet.of(Reaction.Action.RESET))) {
            reactions(Reaction.Cause.REJECTION, action);
            reactions(Reaction.Cause.DRIFT, action);
        }
    }

    private Counter outcomes(ExampleOutcome outcome) {
        return registry.counter("millrace.trainer.examples", task.and("outcome", outcome.tag));
    }

    private Counter textOutcomes(ExampleOutcome outcome) {
        return registry.counter("millrace.trainer.texts", task.and("outcome", outcome.tag));
    }

    private Counter drifts(DriftPhase phase) {
        return registry.counter("millrace.trainer.drift", task.and("phase", phase.wireName()));
    }

    private Counter reactions(Reaction.Cause cause, Reaction.Action action) {
        return registry.counter(
                "millrace.trainer.reactions", task.and("cause", cause.wireName(), "action", action.wireName()));
    }

    void accepted() {
        accepted.increment();
    }

    void examples(ExampleOutcome outcome, long count) {
        outcomes(outcome).increment((double) count);
    }

    /** Counts examples that were trained, and undone because the loss exploded. */
    void undone(long count) {
        undone.increment((double) count);
    }

    void textsRead() {
        textsRead.increment();
    }

    void texts(ExampleOutcome outcome, long count) {
        textOutcomes(outcome).increment((double) count);
    }

    void textsPending(int texts) {
        set("millrace.trainer.texts.pending", task, texts);
    }

    /** Records an update: its time, its tokens and its numbers. */
    void step(Duration time, long stepsDone, StepResult result) {
        step.record(time);
        tokens.increment(result.batch().tokens());
        stepsDone(stepsDone);
        set("millrace.trainer.grad.norm", task, result.gradNorm());
        set("millrace.trainer.learning.rate", task, result.learningRate());
        set("millrace.trainer.loss", task.and(TERM, TrainingWindow.TOTAL_LOSS), result.totalLoss());
        result.terms().forEach((term, value) -> set("millrace.trainer.loss", task.and(TERM, term), value));
    }

    /**
     * Passes a finished step on.
     *
     * @param prequentialAccuracy test-then-train accuracy over the newest window, a share
     */
    void finished(long stepsDone, StepResult result, double prequentialAccuracy) {
        Map<String, Double> figures = new LinkedHashMap<>(result.terms());
        figures.put(TrainingWindow.TOTAL_LOSS, result.totalLoss());
        figures.put(TrainingWindow.GRAD_NORM, result.gradNorm());
        figures.put(TrainerListener.LEARNING_RATE, result.learningRate());
        figures.put(TrainerListener.PREQUENTIAL_ACCURACY, prequentialAccuracy);
        int examples = result.batch().right().length;
        if (examples > 0) {
            figures.put(TrainerListener.MINI_BATCH_ACCURACY, result.batch().rightCount() / (double) examples);
        }
        listener.step(taskName, stepsDone, figures);
    }

    /** Counts new examples and texts that were longer than the limit. */
    void truncated(long texts) {
        truncated.increment((double) texts);
    }

    void prequentialAccuracy(double value) {
        set("millrace.trainer.prequential.accuracy", task, value);
    }

    /** Shows the number of different classes among the model's answers to the newest window of examples. */
    void classesAnswered(int classes) {
        set("millrace.trainer.classes.answered", task, classes);
    }

    void pending(int examples) {
        set("millrace.trainer.pending", task, examples);
    }

    void lag(long records) {
        set("millrace.trainer.lag", task, (double) records);
    }

    /** Shows how many checkpoints in the store wait for a verdict. */
    void unjudged(int waiting) {
        set("millrace.trainer.unjudged", task, waiting);
    }

    /** Counts an announced checkpoint, whose writing and announcement took that long beside training. */
    void checkpoint(Duration took) {
        checkpoints.increment();
        checkpointWrite.record(took);
    }

    /**
     * Counts a checkpoint that was taken.
     *
     * @param stall how long training stood still for it
     * @param waited whether one before it was still under way
     */
    void checkpointTaken(Duration stall, boolean waited) {
        checkpointStall.record(stall);
        if (waited) {
            checkpointWaits.increment();
        }
    }

    void drift(DriftPhase phase) {
        drifts(phase).increment();
    }

    @Override
    public void reaction(Reaction reaction) {
        reactions(reaction.cause(), reaction.action()).increment();
    }

    @Override
    public void probeReuse(String probeSet, int reactions) {
        Tags tags = task.and("probe_set", probeSet);
        boolean isNew = !gauges.containsKey(PROBE_REUSE + tags);
        if (isNew && registry.find(PROBE_REUSE).gauges().size() >= MAX_PROBE_SETS) {
            return;
        }
        set(PROBE_REUSE, tags, reactions);
    }

    /** Shows the evidence for a change of a metric, and whether it drifts. */
    void drift(StreamDrift.MetricState state) {
        Tags metric = task.and("metric", state.metric());
        set("millrace.trainer.drift.evidence", metric, state.evidence());
        set("millrace.trainer.drifting", metric, state.drifting() ? 1 : 0);
    }

    /** Shows the optimizer steps done. */
    void stepsDone(long steps) {
        set("millrace.trainer.steps.done", task, (double) steps);
    }

    private void set(String name, Tags tags, double value) {
        gauges.computeIfAbsent(name + tags, key -> shown(name, tags)).value().set(value);
    }

    private Shown shown(String name, Tags tags) {
        // A registry keeps the first gauge of a name: an old one would hide this one, and then show nothing.
        registry.find(name).tags(tags).gauges().forEach(registry::remove);
        AtomicReference<Double> value = new AtomicReference<>(Double.NaN);
        Gauge gauge =
                Gauge.builder(name, value, AtomicReference::get).tags(tags).register(registry);
        return new Shown(gauge, value);
    }

    /** Removes the gauges: the task has left this process. */
    @Override
    public void close() {
        gauges.values().forEach(shown -> registry.remove(shown.gauge()));
        gauges.clear();
    }
}
