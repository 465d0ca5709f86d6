package io.millrace.app.checkpoints;

import io.millrace.app.console.Table;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CorruptCheckpointException;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The checkpoints of a store, as found in {@code <store>/<task>/checkpoint-*}. */
public final class CheckpointListing {

    private static final List<String> HEADER =
            List.of("task", "checkpoint", "step", "parent", "offsets", "mini-batches", "size");

    private CheckpointListing() {}

    /**
     * The table of them, by task and step. One whose manifest cannot be read is listed after the readable ones, with the reason.
     *
     * @param task only this task's, if given
     * @throws IllegalArgumentException if there is no store, or nothing in it of {@code task}
     */
    public static Table of(Path store, Optional<String> task) throws IOException {
        if (!Files.isDirectory(store)) {
            throw new IllegalArgumentException("cannot list checkpoints: there is no store at " + store + ".");
        }
        List<Path> tasks = directories(store, "*");
        if (task.isPresent() && tasks.stream().noneMatch(folder -> folder.endsWith(task.get()))) {
            throw new IllegalArgumentException(
                    "cannot list checkpoints: there is no task " + task.get() + " in " + store + ". It holds "
                            + tasks.stream().map(Path::getFileName).toList() + ".");
        }
        List<List<String>> rows = new ArrayList<>();
        for (Path folder : tasks) {
            if (task.isEmpty() || folder.endsWith(task.get())) {
                rows.addAll(rowsOf(folder));
            }
        }
        return new Table(HEADER, rows);
    }

    private static List<List<String>> rowsOf(Path task) throws IOException {
        List<CheckpointManifest> manifests = new ArrayList<>();
        List<List<String>> unreadable = new ArrayList<>();
        for (Path checkpoint : directories(task, "checkpoint-*")) {
            if (Files.isRegularFile(checkpoint.resolve(CheckpointManifest.FILE_NAME))) {
                try {
                    manifests.add(CheckpointManifest.read(checkpoint));
                } catch (CorruptCheckpointException e) {
                    unreadable.add(List.of(name(task), name(checkpoint), "-", "-", "-", "-", e.getMessage()));
                }
            }
        }
        List<List<String>> rows = new ArrayList<>();
        // Not by name: that of step 1,000,000 comes before that of step 999,999.
        manifests.stream()
                .sorted(Comparator.comparingLong(CheckpointManifest::step).thenComparing(CheckpointManifest::id))
                .forEach(manifest -> rows.add(row(manifest)));
        rows.addAll(unreadable);
        return rows;
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

    private static List<Path> directories(Path directory, String glob) throws IOException {
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

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
