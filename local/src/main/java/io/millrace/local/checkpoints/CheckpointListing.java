package io.millrace.local.checkpoints;

import io.millrace.local.Table;
import io.millrace.schemas.CheckpointManifest;
import io.millrace.schemas.Json;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The checkpoints of a store, as they lie in {@code <store>/<task>/checkpoint-*}. */
public final class CheckpointListing {

    private static final List<String> HEADER =
            List.of("task", "checkpoint", "step", "parent", "offsets", "mini-batches", "size");

    private CheckpointListing() {}

    /**
     * The table of them, by task and step.
     *
     * @param task only this task's, if given
     */
    public static Table of(Path store, Optional<String> task) throws IOException {
        if (!Files.isDirectory(store)) {
            throw new IllegalArgumentException("cannot list checkpoints: there is no store at " + store + ".");
        }
        List<List<String>> rows = new ArrayList<>();
        for (Path taskDirectory : sorted(store, "*")) {
            if (task.isEmpty() || taskDirectory.endsWith(task.get())) {
                for (Path checkpoint : sorted(taskDirectory, "checkpoint-*")) {
                    if (Files.isRegularFile(checkpoint.resolve(CheckpointManifest.FILE_NAME))) {
                        rows.add(row(read(checkpoint)));
                    }
                }
            }
        }
        return new Table(HEADER, rows);
    }

    /** The manifest of a checkpoint directory; its hashes are not checked. */
    static CheckpointManifest read(Path directory) throws IOException {
        Path file = directory.resolve(CheckpointManifest.FILE_NAME);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    directory + " is no checkpoint: it has no " + CheckpointManifest.FILE_NAME + ".");
        }
        return Json.mapper().readValue(file.toFile(), CheckpointManifest.class);
    }

    private static List<String> row(CheckpointManifest manifest) {
        CheckpointManifest.Lineage lineage = manifest.lineage();
        long bytes = manifest.files().values().stream()
                .mapToLong(CheckpointManifest.FileHash::bytes)
                .sum();
        return List.of(
                manifest.task(),
                manifest.id(),
                Long.toString(manifest.step()),
                lineage.parent() == null ? "-" : lineage.parent(),
                lineage.offsets().partition() + ":[" + lineage.offsets().first() + ", "
                        + lineage.offsets().next() + ")",
                Integer.toString(lineage.miniBatches().size()),
                (bytes >> 20) + " MiB");
    }

    private static List<Path> sorted(Path directory, String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry)) {
                    found.add(entry);
                }
            }
        }
        found.sort(Comparator.naturalOrder());
        return found;
    }
}
