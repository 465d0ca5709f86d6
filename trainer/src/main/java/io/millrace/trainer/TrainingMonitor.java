package io.millrace.trainer;

import static java.util.Objects.requireNonNull;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.text.LogSafe;
import io.millrace.trainer.TrainerMetrics.ExampleOutcome;
import io.millrace.trainer.batch.MiniBatch;
import io.millrace.trainer.batch.WithOffset;
import io.millrace.trainer.checkpoint.Outbox;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.drift.StreamDrift;
import io.millrace.trainer.learner.Learner;
import io.millrace.trainer.learner.OffsetExamples;
import io.millrace.trainer.learner.StepResult;
import io.millrace.trainer.monitor.ConstantAnswerDetector;
import io.millrace.trainer.monitor.LossSpikeDetector;
import io.millrace.trainer.monitor.TruncatedTexts;
import io.millrace.trainer.objective.ObjectiveTerm;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.function.Consumer;

/** Watches the training of one task: updates its meters, warns, publishes drift, and notices when the loss explodes. */
final class TrainingMonitor {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingMonitor.class);

    private static final int MAX_LABEL_CHARS = 64;

    private final TrainedTask trained;
    private final Learner learner;
    private final TrainerMetrics metrics;
    private final Outbox outbox;
    private final Consumer<DriftPhase> driftListener;
    private final LossSpikeDetector lossSpikes;
    private final ConstantAnswerDetector answers;
    private final TruncatedTexts truncated;
    private boolean exploded;

    /** Watches {@code learner}; drift events go to {@code outbox}, their phases to {@code driftListener}. */
    TrainingMonitor(
            TrainedTask trained,
            Learner learner,
            TrainerMetrics metrics,
            Outbox outbox,
            Consumer<DriftPhase> driftListener) {
        this.trained = trained;
        this.learner = learner;
        this.metrics = metrics;
        this.outbox = outbox;
        this.driftListener = driftListener;
        lossSpikes = new LossSpikeDetector(trained.training().rollback());
        answers = new ConstantAnswerDetector(trained.training().drift().window());
        truncated = new TruncatedTexts(trained);
        metrics.stepsDone(learner.step());
    }

    /** Takes the result of a mini-batch. Its examples are quarantined if the update was not applied. */
    void learned(MiniBatch batch, StepResult step, Duration time) {
        int examples = batch.examples().size();
        int texts = batch.texts().texts().size();
        metrics.step(time, learner.step(), step);
        metrics.truncated(step.batch().truncated());
        truncated.add(examples + texts, step.batch().truncated());
        ExampleOutcome outcome = step.applied() ? ExampleOutcome.TRAINED : ExampleOutcome.QUARANTINED;
        metrics.examples(outcome, examples);
        metrics.texts(outcome, texts);
        if (!step.applied()) {
            quarantine(batch, step);
        }
        watchStream(batch, step);
        watchAnswers(step.batch());
        if (step.applied()) {
            metrics.finished(learner.step(), step, learner.drift().orElseThrow().accuracy());
        }
        exploded = step.applied()
                && lossSpikes.add(
                        requireNonNull(step.terms().get(ObjectiveTerm.TASK_LOSS)),
                        learner.labels().size());
    }

    /** Whether the loss has exploded. */
    boolean hasExploded() {
        return exploded;
    }

    private void watchStream(MiniBatch batch, StepResult step) {
        for (DriftEvent event : learner.watch(examples(batch), step.batch())) {
            metrics.drift(event.phase());
            driftListener.accept(event.phase());
            outbox.drift(batch.offsets().next(), event);
        }
        StreamDrift drift = learner.drift().orElseThrow();
        metrics.prequentialAccuracy(drift.accuracy());
        drift.states().forEach(metrics::drift);
    }

    private static OffsetExamples examples(MiniBatch batch) {
        return new OffsetExamples(
                batch.offsets().partition(),
                batch.entries().stream().map(WithOffset::offset).toList(),
                batch.examples());
    }

    private void quarantine(MiniBatch batch, StepResult step) {
        LOG.warn(
                "task {}: loss {} or gradient norm {} is not finite after step {}: the {} examples at offsets {} are quarantined",
                trained.task().name(),
                step.totalLoss(),
                step.gradNorm(),
                learner.step(),
                batch.examples().size(),
                batch.offsets());
        outbox.quarantined(batch);
    }

    private void watchAnswers(StepResult.BatchSummary batch) {
        if (batch.answers().length == 0) {
            return;
        }
        if (answers.add(batch)) {
            LOG.warn(
                    "task {}: the model has answered each of the newest {} examples with \"{}\": it has not learned to tell labels apart."
                            + " If that stays so, set tasks.{}.training.optimizer.learningRate, now {}, or schedule.warmupSteps, now {}.",
                    trained.task().name(),
                    answers.window(),
                    LogSafe.line(learner.labels().get(batch.answers()[0]), MAX_LABEL_CHARS),
                    trained.task().name(),
                    trained.training().optimizer().learningRate(),
                    trained.training().optimizer().schedule().warmupSteps());
        }
        metrics.classesAnswered(answers.classes());
    }
}
