package io.millrace.app.doctor;

import io.millrace.app.config.MillraceConfig;
import io.millrace.app.config.TaskConfig;
import io.millrace.app.console.Bytes;
import io.millrace.encoder.EncoderCheckpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The store: whether it can be written, and whether its disk has room. */
final class StoreChecks {

    /** Weights and the two moments of AdamW. */
    private static final int WEIGHTS_OF_CHECKPOINT = 3;

    private StoreChecks() {}

    static List<Finding> run(MillraceConfig config) {
        Path existing = nearestExisting(config.store());
        try {
            // Asking for the rights is not enough: root has them all, also on a file system that is read-only.
            Files.delete(Files.createTempFile(existing, ".millrace-doctor", null));
            String found = existing.equals(config.store().toAbsolutePath())
                    ? config.store() + " can be written"
                    : config.store() + " does not exist yet; it can be made in " + existing;
            long free = Files.getFileStore(existing).getUsableSpace();
            return List.of(Finding.ok("store", found), space(free, perRound(config), kept(config)));
        } catch (IOException e) {
            return List.of(Finding.fail(
                    "store",
                    "cannot write to " + existing + ", where the store " + config.store()
                            + " should be. Give this user the right to write there, or set another store",
                    e));
        }
    }

    /**
     * Whether the disk has room.
     *
     * @param free free bytes
     * @param round bytes of one checkpoint and one published model of each task
     * @param kept bytes of all checkpoints and models that the tasks keep
     */
    static Finding space(long free, long round, long kept) {
        String found = Bytes.words(free) + " free; the tasks keep up to about " + Bytes.words(kept);
        if (free < round) {
            return Finding.fail(
                    "disk",
                    found + ", and their next checkpoints and models alone take " + Bytes.words(round)
                            + ". Make room, or set another store.");
        }
        return free < kept
                ? Finding.warn(
                        "disk",
                        found
                                + ". If the store does not hold most of that already, make room, or lower checkpoints.keep and"
                                + " keepModels.")
                : Finding.ok("disk", found);
    }

    private static long perRound(MillraceConfig config) {
        return config.tasks().values().stream()
                .mapToLong(task -> (WEIGHTS_OF_CHECKPOINT + 1) * weights(task))
                .sum();
    }

    private static long kept(MillraceConfig config) {
        return config.tasks().values().stream()
                .mapToLong(task -> weights(task)
                        * (WEIGHTS_OF_CHECKPOINT
                                        * (long) task.training().checkpoints().keep()
                                + task.evaluation().keepModels()))
                .sum();
    }

    /** Size of the encoder's weights, in bytes; 0 if they cannot be read, which another check says. */
    private static long weights(TaskConfig task) {
        try {
            long bytes = 0;
            for (Path part : EncoderCheckpoint.weightFiles(task.training().encoder())) {
                bytes += Files.size(part);
            }
            return bytes;
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    private static Path nearestExisting(Path store) {
        Path existing = store.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }
}
