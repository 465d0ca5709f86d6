package io.millrace.trainer;

import static java.util.Objects.requireNonNull;

import io.millrace.schemas.CheckpointAnnouncement.Produced;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.trainer.batch.MiniBatch;
import io.millrace.trainer.learner.StepResult;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The mini-batches since the last checkpoint, and the means for the announcement of the next. */
final class TrainingWindow {

    static final String PREQUENTIAL_ACCURACY = "prequentialAccuracy";
    static final String GRAD_NORM = "gradNorm";
    static final String TOTAL_LOSS = "totalLoss";

    private final List<MiniBatchRange> miniBatches = new ArrayList<>();
    private final Map<String, Double> sums = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private long predicted;
    private long correct;
    private long trained;
    private long oldestMs = Long.MAX_VALUE;
    private long newestMs = -1;

    /** Adds a mini-batch and its result. */
    void add(MiniBatch batch, StepResult result) {
        miniBatches.add(new MiniBatchRange(
                batch.offsets().first(),
                batch.offsets().next(),
                batch.examples().size(),
                outcomeOf(batch, result),
                batch.texts().offsets().orElse(null)));
        predicted += batch.examples().size();
        correct += result.batch().rightCount();
        if (result.applied()) {
            trained += batch.examples().size();
            batch.entries().forEach(entry -> produced(entry.producedMs()));
            result.terms().forEach(this::sum);
            sum(TOTAL_LOSS, result.totalLoss());
            sum(GRAD_NORM, result.gradNorm());
        }
    }

    private void produced(long ms) {
        if (ms >= 0) {
            oldestMs = Math.min(oldestMs, ms);
            newestMs = Math.max(newestMs, ms);
        }
    }

    private static Outcome outcomeOf(MiniBatch batch, StepResult result) {
        if (!result.applied()) {
            return Outcome.QUARANTINED;
        }
        return batch.isShort() ? Outcome.TRAINED_SHORT : Outcome.TRAINED;
    }

    private void sum(String name, double value) {
        sums.merge(name, value, Double::sum);
        counts.merge(name, 1, Integer::sum);
    }

    boolean isEmpty() {
        return miniBatches.isEmpty();
    }

    int size() {
        return miniBatches.size();
    }

    List<MiniBatchRange> miniBatches() {
        return miniBatches;
    }

    /** Number of examples trained, without quarantined ones. */
    long examples() {
        return trained;
    }

    /** When the trained examples were produced; null if that is known of none. */
    @Nullable
    Produced produced() {
        return newestMs < 0 ? null : new Produced(Instant.ofEpochMilli(oldestMs), Instant.ofEpochMilli(newestMs));
    }

    /** Means over the updates that have the term, and test-then-train accuracy over the examples. */
    Map<String, Double> means() {
        Map<String, Double> means = new LinkedHashMap<>();
        sums.forEach((name, sum) -> means.put(name, sum / requireNonNull(counts.get(name))));
        if (predicted > 0) {
            means.put(PREQUENTIAL_ACCURACY, correct / (double) predicted);
        }
        return means;
    }
}
