package io.millrace.trainer.pretrain;

import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.config.OptimizerConfig;
import io.millrace.trainer.config.ScheduleConfig;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.learner.TextPhase;
import io.millrace.trainer.pretrain.PhaseRun.Span;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Pre-trains an encoder by masked-token prediction, from scratch or from a checkpoint, in the phases of a plan. Checkpoints are in
 * {@code <directory>/head} and {@code <directory>/checkpoints}. An interrupted run resumes from the newest and ends with the bytes of an
 * uninterrupted one. In the lineage a text's index in the sequence is its offset.
 */
public final class Pretraining {

    private static final String HEAD = "head";
    private static final String CHECKPOINTS = "checkpoints";

    /** A head's rate warms up in this share of its phase at most. */
    private static final int WARMUP_PART = 10;

    private final TrainingConfig config;
    private final PretrainingPlan plan;
    private final TextSequence texts;
    private final Path directory;

    /**
     * A pre-training into {@code directory}.
     *
     * @param texts with as many epochs as {@code plan} has
     */
    public Pretraining(TrainingConfig config, PretrainingPlan plan, TextSequence texts, Path directory) {
        this.config = config;
        this.plan = plan;
        this.texts = texts;
        this.directory = directory;
    }

    /**
     * Trains to the end of the plan.
     *
     * @return the directory of the last checkpoint
     */
    public Path run(PretrainingListener listener) throws IOException {
        String fingerprint = config.sha256(texts.sha256() + " " + plan);
        CheckpointStore ofBoth = new CheckpointStore(directory, CHECKPOINTS);
        long headEnd = plan.headEpochs() * texts.textsPerEpoch();
        Path start = config.encoder();
        // A second phase that has begun does not need the first any more.
        if (plan.headEpochs() > 0 && ofBoth.all().isEmpty()) {
            start = new PhaseRun(
                            TextPhase.HEAD,
                            config.with(start, ofHead()),
                            texts,
                            new Span(0, headEnd),
                            new CheckpointStore(directory, HEAD),
                            listener)
                    .run(fingerprint);
        }
        if (plan.epochs() == 0) {
            return start;
        }
        return new PhaseRun(
                        TextPhase.BOTH,
                        config.with(start, config.optimizer()),
                        texts,
                        new Span(headEnd, plan.allEpochs() * texts.textsPerEpoch()),
                        ofBoth,
                        listener)
                .run(fingerprint);
    }

    private OptimizerConfig ofHead() {
        int batchSize = config.batching().batchSize();
        long steps = (plan.headEpochs() * texts.textsPerEpoch() + batchSize - 1) / batchSize;
        int decay = Math.toIntExact(Math.min(Integer.MAX_VALUE, steps + 1));
        int warmup = Math.min(config.optimizer().schedule().warmupSteps(), decay / WARMUP_PART);
        return config.optimizer().with(plan.headLearningRate(), new ScheduleConfig(warmup, decay));
    }
}
