package io.millrace.app.checkpoints;

import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.store.CheckpointManifest;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A checkpoint of a store. One whose manifest cannot be read has only its names and the reason.
 *
 * @param task its task
 * @param checkpoint its id
 * @param step optimizer steps done
 * @param parent id of the checkpoint that it was trained from; absent for the first
 * @param offsets the offsets of {@code accepted-examples} trained since the parent
 * @param miniBatches how many mini-batches those made
 * @param bytes size of its files
 * @param fault why its manifest cannot be read; absent if it can
 * @param judgement its newest verdict; absent if it has none, or if verdicts were not asked for
 */
public record ListedCheckpoint(
        String task,
        String checkpoint,
        @Nullable Long step,
        @Nullable String parent,
        @Nullable OffsetRange offsets,
        @Nullable Integer miniBatches,
        @Nullable Long bytes,
        @Nullable String fault,
        @Nullable Judgement judgement) {

    private static final String NONE = "-";

    /**
     * The newest verdict on a checkpoint.
     *
     * @param verdict the verdict
     * @param at when it was written
     * @param champion whether this is the current model
     */
    public record Judgement(String verdict, Instant at, boolean champion) {

        private String words() {
            return champion ? verdict + ", champion" : verdict;
        }
    }

    static ListedCheckpoint of(CheckpointManifest manifest) {
        CheckpointManifest.Lineage lineage = manifest.lineage();
        return new ListedCheckpoint(
                manifest.task(),
                manifest.id(),
                manifest.step(),
                lineage.parent(),
                lineage.offsets(),
                lineage.miniBatches().size(),
                manifest.files().values().stream()
                        .mapToLong(CheckpointManifest.FileHash::bytes)
                        .sum(),
                null,
                null);
    }

    static ListedCheckpoint unreadable(String task, String checkpoint, @Nullable String fault) {
        return new ListedCheckpoint(
                task, checkpoint, null, null, null, null, null, fault == null ? "unreadable" : fault, null);
    }

    ListedCheckpoint with(Optional<Judgement> found) {
        return new ListedCheckpoint(
                task, checkpoint, step, parent, offsets, miniBatches, bytes, fault, found.orElse(null));
    }

    List<String> cells(boolean verdicts) {
        List<String> cells = new ArrayList<>(List.of(
                task,
                checkpoint,
                step == null ? NONE : Long.toString(step),
                parent == null ? NONE : parent,
                offsets == null ? NONE : offsets.partition() + ":[" + offsets.first() + ", " + offsets.next() + ")",
                miniBatches == null ? NONE : Integer.toString(miniBatches),
                fault != null ? fault : bytes == null ? NONE : (bytes >> 20) + " MiB"));
        if (verdicts) {
            cells.add(judgement == null ? "none yet" : judgement.words());
        }
        return cells;
    }
}
