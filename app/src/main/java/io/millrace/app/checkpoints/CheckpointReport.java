package io.millrace.app.checkpoints;

import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.schemas.store.StorePaths;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The contents of one manifest, and whether the files match it.
 *
 * @param manifest the manifest
 * @param files its files
 */
public record CheckpointReport(CheckpointManifest manifest, List<CheckedFile> files) {

    public CheckpointReport {
        files = List.copyOf(files);
    }

    /**
     * A file of the manifest.
     *
     * @param name its path in the checkpoint
     * @param bytes its size, by the manifest
     * @param sha256 its hash, by the manifest
     * @param state {@code ok}; {@code MISSING}; or {@code DIFFERENT}, with what is there
     */
    public record CheckedFile(String name, long bytes, String sha256, String state) {

        private boolean ok() {
            return state.equals("ok");
        }
    }

    /**
     * The report as JSON.
     *
     * @param checkpoint the checkpoint's id
     * @param task its task
     * @param step optimizer steps done
     * @param parent id of the checkpoint that it was trained from; absent for the first
     * @param offsets the offsets of {@code accepted-examples} trained since the parent
     * @param miniBatches how many mini-batches those made
     * @param examples how many examples were in them
     * @param configSha256 hash of the configuration that it was trained with
     * @param whole whether every file is there with the hash that the manifest gives
     * @param files its files
     */
    public record Answer(
            String checkpoint,
            String task,
            long step,
            @Nullable String parent,
            OffsetRange offsets,
            int miniBatches,
            int examples,
            String configSha256,
            boolean whole,
            List<CheckedFile> files) {}

    /** Reads a checkpoint directory and hashes its files. */
    public static CheckpointReport of(Path directory) throws IOException {
        CheckpointManifest manifest = CheckpointManifest.read(directory);
        List<CheckedFile> files = new ArrayList<>();
        for (Map.Entry<String, FileHash> file : manifest.files().entrySet()) {
            files.add(new CheckedFile(
                    file.getKey(),
                    file.getValue().bytes(),
                    file.getValue().sha256(),
                    stateOf(StorePaths.resolve(directory, file.getKey()), file.getValue())));
        }
        return new CheckpointReport(manifest, files);
    }

    /** Whether every file is there with the hash that the manifest gives. */
    public boolean whole() {
        return files.stream().allMatch(CheckedFile::ok);
    }

    /** The report for the console. */
    public List<String> lines() {
        CheckpointManifest.Lineage lineage = manifest.lineage();
        List<String> lines = new ArrayList<>();
        lines.add("checkpoint    " + manifest.id() + " of task " + manifest.task());
        lines.add("step          " + manifest.step());
        lines.add("parent        " + (lineage.parent() == null ? "none" : lineage.parent()));
        lines.add("offsets       partition " + lineage.offsets().partition() + ", "
                + lineage.offsets().first() + " to " + lineage.offsets().next() + " (not included)");
        lines.add("mini-batches  " + miniBatches(lineage.miniBatches()));
        lines.add("config        sha256 " + lineage.configSha256());
        for (CheckedFile file : files) {
            lines.add("file          " + file.name() + ", " + file.bytes() + " bytes, sha256 " + file.sha256() + ": "
                    + file.state());
        }
        return lines;
    }

    /** The report as JSON. */
    public Answer answer() {
        CheckpointManifest.Lineage lineage = manifest.lineage();
        return new Answer(
                manifest.id(),
                manifest.task(),
                manifest.step(),
                lineage.parent(),
                lineage.offsets(),
                lineage.miniBatches().size(),
                examples(lineage.miniBatches()),
                lineage.configSha256(),
                whole(),
                files);
    }

    private static int examples(List<MiniBatchRange> miniBatches) {
        return miniBatches.stream().mapToInt(MiniBatchRange::examples).sum();
    }

    private static String miniBatches(List<MiniBatchRange> miniBatches) {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        miniBatches.forEach(miniBatch -> counts.merge(miniBatch.outcome(), 1L, Long::sum));
        return miniBatches.size() + " with " + examples(miniBatches) + " examples"
                + counts.entrySet().stream()
                        .map(count -> ", " + count.getValue() + " " + words(count.getKey()))
                        .collect(Collectors.joining());
    }

    private static String words(Outcome outcome) {
        return switch (outcome) {
            case TRAINED -> "full and trained";
            case TRAINED_SHORT -> "short and trained";
            case QUARANTINED -> "quarantined";
            case UNDONE -> "undone";
        };
    }

    private static String stateOf(Path file, FileHash expected) throws IOException {
        if (!Files.isRegularFile(file)) {
            return "MISSING";
        }
        FileHash actual = FileHash.of(file);
        return actual.equals(expected)
                ? "ok"
                : "DIFFERENT (" + actual.bytes() + " bytes, sha256 " + actual.sha256() + ")";
    }
}
