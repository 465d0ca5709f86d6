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
import java.util.function.Function;

/**
 * The checkpoints of a store, as found in {@code <store>/<task>/checkpoint-*}.
 *
 * @param store the store
 * @param checkpoints by task and step; those whose manifest cannot be read come after the readable ones of their task
 */
public record CheckpointListing(String store, List<ListedCheckpoint> checkpoints) {

    private static final List<String> HEADER =
            List.of("task", "checkpoint", "step", "parent", "offsets", "mini-batches", "size");

    public CheckpointListing {
        checkpoints = List.copyOf(checkpoints);
    }

    /**
     * Lists them. One whose manifest cannot be read is listed with the reason.
     *
     * @param task only this task's, if given
     * @throws IllegalArgumentException if there is no store, or nothing in it of {@code task}
     */
    public static CheckpointListing of(Path store, Optional<String> task) throws IOException {
        if (!Files.isDirectory(store)) {
            throw new IllegalArgumentException("cannot list checkpoints: there is no store at " + store + ".");
        }
        List<Path> tasks = directories(store, "*");
        if (task.isPresent() && tasks.stream().noneMatch(folder -> folder.endsWith(task.get()))) {
            throw new IllegalArgumentException(
                    "cannot list checkpoints: there is no task " + task.get() + " in " + store + ". It holds "
                            + tasks.stream().map(Path::getFileName).toList() + ".");
        }
        List<ListedCheckpoint> listed = new ArrayList<>();
        for (Path folder : tasks) {
            if (task.isEmpty() || folder.endsWith(task.get())) {
                listed.addAll(listedOf(folder));
            }
        }
        return new CheckpointListing(store.toString(), listed);
    }

    private static List<ListedCheckpoint> listedOf(Path task) throws IOException {
        List<CheckpointManifest> manifests = new ArrayList<>();
        List<ListedCheckpoint> unreadable = new ArrayList<>();
        for (Path checkpoint : directories(task, "checkpoint-*")) {
            if (Files.isRegularFile(checkpoint.resolve(CheckpointManifest.FILE_NAME))) {
                try {
                    manifests.add(CheckpointManifest.read(checkpoint));
                } catch (CorruptCheckpointException e) {
                    unreadable.add(ListedCheckpoint.unreadable(name(task), name(checkpoint), e.getMessage()));
                }
            }
        }
        List<ListedCheckpoint> listed = new ArrayList<>();
        // Not by name: that of step 1,000,000 comes before that of step 999,999.
        manifests.stream()
                .sorted(Comparator.comparingLong(CheckpointManifest::step).thenComparing(CheckpointManifest::id))
                .forEach(manifest -> listed.add(ListedCheckpoint.of(manifest)));
        listed.addAll(unreadable);
        return listed;
    }

    /** The same with the verdicts, which {@code verdicts} finds; a checkpoint without one was not judged yet. */
    public CheckpointListing withVerdicts(Function<ListedCheckpoint, Optional<ListedCheckpoint.Judgement>> verdicts) {
        return new CheckpointListing(
                store,
                checkpoints.stream()
                        .map(checkpoint -> checkpoint.with(verdicts.apply(checkpoint)))
                        .toList());
    }

    /** The table for the console, with a column for verdicts if {@code verdicts}. */
    public Table table(boolean verdicts) {
        List<String> header = new ArrayList<>(HEADER);
        if (verdicts) {
            header.add("verdict");
        }
        return new Table(
                header,
                checkpoints.stream()
                        .map(checkpoint -> checkpoint.cells(verdicts))
                        .toList());
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
