package io.millrace.trainer.pretrain;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.MaskedTokenScore;
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
import io.millrace.trainer.learner.TextPhase;
import io.millrace.trainer.learner.TokenHeadStart;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One phase of a pre-training, from its newest checkpoint to its end. */
final class PhaseRun {

    /** Texts whose tokens are counted for the start of a fresh head. */
    private static final int COUNTED_TEXTS = 2_000;

    private final TextPhase phase;
    private final TrainingConfig config;
    private final TextSequence texts;
    private final Span span;
    private final CheckpointStore store;
    private final PretrainingListener listener;

    /**
     * The texts of a phase by their index in the sequence.
     *
     * @param first the first
     * @param next the first after it
     */
    record Span(long first, long next) {}

    /**
     * A phase.
     *
     * @param config its optimizer, and the encoder that it begins with
     */
    PhaseRun(
            TextPhase phase,
            TrainingConfig config,
            TextSequence texts,
            Span span,
            CheckpointStore store,
            PretrainingListener listener) {
        this.phase = phase;
        this.config = config;
        this.texts = texts;
        this.span = span;
        this.store = store;
        this.listener = listener;
    }

    /**
     * Trains to the end.
     *
     * @param fingerprint hash of all that decides the result
     * @return the directory of the last checkpoint
     */
    Path run(String fingerprint) throws IOException {
        store.removeStale();
        Optional<CheckpointManifest> newest = store.newest();
        newest.ifPresent(manifest -> requireSame(manifest, fingerprint));
        Path from = newest.map(manifest -> store.directory(manifest.id())).orElse(config.encoder());
        EncoderCheckpoint source = EncoderCheckpoint.readUntrained(from);
        HeadMeasurements measurements =
                new HeadMeasurements(texts.heldOut(), !source.hasTrainedTokenHead(), MaskedTokenScore.read(from));
        try (Learner learner = newest.isPresent()
                ? Learner.resumeOfTexts(config, phase, from, newest.get().step())
                : Learner.ofTexts(config, phase)) {
            if (newest.isEmpty()) {
                begin(learner, source, measurements);
            }
            return train(learner, newest, fingerprint, measurements);
        }
    }

    private void requireSame(CheckpointManifest manifest, String fingerprint) {
        if (!manifest.lineage().configSha256().equals(fingerprint)) {
            throw new IllegalArgumentException(
                    store.directory(manifest.id())
                            + " was pre-trained with other texts or another configuration. Use those again to continue, or another --out.");
        }
    }

    private void begin(Learner learner, EncoderCheckpoint source, HeadMeasurements measurements) {
        if (measurements.isEmpty()) {
            listener.measured(measurements.add(learner, phase, 0));
        }
        if (phase == TextPhase.HEAD && !source.hasTrainedTokenHead()) {
            List<UnlabelledText> counted = new ArrayList<>();
            Iterator<UnlabelledText> reading = texts.from(span.first);
            while (reading.hasNext() && counted.size() < Math.min(COUNTED_TEXTS, texts.textsPerEpoch())) {
                counted.add(reading.next());
            }
            TokenHeadStart.fromFrequencies(learner, counted);
        }
    }

    private Path train(
            Learner learner, Optional<CheckpointManifest> newest, String fingerprint, HeadMeasurements measurements)
            throws IOException {
        long place = newest.map(manifest -> manifest.lineage().offsets().next()).orElse(span.first);
        long first = place;
        @Nullable String parent = newest.map(CheckpointManifest::id).orElse(null);
        Set<String> given = new HashSet<>();
        newest.ifPresent(manifest -> given.add(manifest.id()));
        Iterator<UnlabelledText> reading = texts.from(place);
        List<MiniBatchRange> miniBatches = new ArrayList<>();
        long done = 0;
        while (place < span.next) {
            List<UnlabelledText> batch = next(reading, place);
            StepResult result = learner.learn(List.of(), batch);
            Outcome outcome = result.applied() ? Outcome.TRAINED : Outcome.QUARANTINED;
            miniBatches.add(new MiniBatchRange(place, place + batch.size(), batch.size(), outcome));
            int epochs = epochs(place);
            place += batch.size();
            done += batch.size();
            listener.stepped(new PretrainingProgress(phase, steps(place), steps(span.next), done, result.totalLoss()));
            boolean epochEnds = epochs(place) > epochs;
            if (epochEnds) {
                listener.measured(measurements.add(learner, phase, epochs(place)));
            }
            if (miniBatches.size() == config.checkpoints().everySteps() || place == span.next) {
                Lineage lineage =
                        new Lineage(parent, fingerprint, new OffsetRange(0, first, place), List.copyOf(miniBatches));
                CheckpointReference written = store.write(learner.step(), lineage, given, directory -> {
                    learner.save(directory);
                    measurements.write(directory, epochEnds);
                });
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

    /** Steps that reach a place. */
    private long steps(long place) {
        int batchSize = config.batching().batchSize();
        return (place - span.first + batchSize - 1) / batchSize;
    }

    /** Whole epochs of this phase before a place. */
    private int epochs(long place) {
        return (int) ((place - span.first) / texts.textsPerEpoch());
    }

    private List<UnlabelledText> next(Iterator<UnlabelledText> reading, long place) {
        int batchSize = config.batching().batchSize();
        List<UnlabelledText> batch = new ArrayList<>(batchSize);
        while (reading.hasNext() && batch.size() < Math.min(batchSize, span.next - place)) {
            batch.add(reading.next());
        }
        return batch;
    }
}
