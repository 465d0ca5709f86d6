package io.millrace.trainer.pretrain;

import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.Lineage;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.learner.Learner;
import io.millrace.trainer.learner.StepResult;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Pre-trains an encoder by masked-token prediction, from scratch or from a checkpoint. Checkpoints are in
 * {@code <directory>/checkpoints}. An interrupted run resumes from the newest and ends with the bytes of an uninterrupted one. In the
 * lineage a text's index in the sequence is its offset.
 */
public final class Pretraining {

    private static final String CHECKPOINTS = "checkpoints";

    private final TrainingConfig config;
    private final TextSequence texts;
    private final CheckpointStore store;
    private final String fingerprint;

    /** A pre-training into {@code directory}. */
    public Pretraining(TrainingConfig config, TextSequence texts, Path directory) {
        this.config = config;
        this.texts = texts;
        this.store = new CheckpointStore(directory, CHECKPOINTS);
        this.fingerprint = config.sha256(texts.sha256());
    }

    /**
     * Trains to the end of the sequence.
     *
     * @param progress called after every step
     * @return the directory of the last checkpoint
     */
    public Path run(Consumer<PretrainingProgress> progress) throws IOException {
        store.removeStale();
        Optional<CheckpointManifest> newest = store.newest();
        newest.ifPresent(this::requireSame);
        long steps = (texts.size() + config.batching().batchSize() - 1)
                / config.batching().batchSize();
        try (Learner learner = newest.isPresent()
                ? Learner.resumeOfTexts(
                        config, store.directory(newest.get().id()), newest.get().step())
                : Learner.ofTexts(config)) {
            return train(learner, newest, steps, progress);
        }
    }

    private void requireSame(CheckpointManifest manifest) {
        if (!manifest.lineage().configSha256().equals(fingerprint)) {
            throw new IllegalArgumentException(
                    store.directory(manifest.id())
                            + " was pre-trained with other texts or another configuration. Use those again to continue, or another --out.");
        }
    }

    private Path train(
            Learner learner, Optional<CheckpointManifest> newest, long steps, Consumer<PretrainingProgress> progress)
            throws IOException {
        long place = newest.map(manifest -> manifest.lineage().offsets().next()).orElse(0L);
        long first = place;
        @Nullable String parent = newest.map(CheckpointManifest::id).orElse(null);
        Set<String> given = new HashSet<>();
        newest.ifPresent(manifest -> given.add(manifest.id()));
        Iterator<UnlabelledText> reading = texts.from(place);
        List<MiniBatchRange> miniBatches = new ArrayList<>();
        long done = 0;
        while (reading.hasNext()) {
            List<UnlabelledText> batch = next(reading);
            StepResult result = learner.learn(List.of(), batch);
            Outcome outcome = result.applied() ? Outcome.TRAINED : Outcome.QUARANTINED;
            miniBatches.add(new MiniBatchRange(place, place + batch.size(), batch.size(), outcome));
            place += batch.size();
            done += batch.size();
            progress.accept(new PretrainingProgress(
                    (place + config.batching().batchSize() - 1)
                            / config.batching().batchSize(),
                    steps,
                    done,
                    result.totalLoss()));
            if (miniBatches.size() == config.checkpoints().everySteps() || !reading.hasNext()) {
                Lineage lineage =
                        new Lineage(parent, fingerprint, new OffsetRange(0, first, place), List.copyOf(miniBatches));
                CheckpointReference written = store.write(learner.step(), lineage, given, learner::save);
                parent = written.id();
                given.add(parent);
                first = place;
                miniBatches.clear();
                store.keepNewest(config.checkpoints().keep());
            }
        }
        if (parent == null) {
            throw new IllegalArgumentException("there is no text to train on");
        }
        return store.directory(parent);
    }

    private List<UnlabelledText> next(Iterator<UnlabelledText> reading) {
        List<UnlabelledText> batch = new ArrayList<>(config.batching().batchSize());
        while (reading.hasNext() && batch.size() < config.batching().batchSize()) {
            batch.add(reading.next());
        }
        return batch;
    }
}
