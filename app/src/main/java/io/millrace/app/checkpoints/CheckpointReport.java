package io.millrace.app.checkpoints;

import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.schemas.store.StorePaths;

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
 * @param lines the report
 * @param whole whether every file is there with the hash that the manifest gives
 */
public record CheckpointReport(List<String> lines, boolean whole) {

    public CheckpointReport {
        lines = List.copyOf(lines);
    }

    /** Reads a checkpoint directory and hashes its files. */
    public static CheckpointReport of(Path directory) throws IOException {
        CheckpointManifest manifest = CheckpointManifest.read(directory);
        CheckpointManifest.Lineage lineage = manifest.lineage();
        List<String> lines = new ArrayList<>();
        lines.add("checkpoint    " + manifest.id() + " of task " + manifest.task());
        lines.add("step          " + manifest.step());
        lines.add("parent        " + (lineage.parent() == null ? "none" : lineage.parent()));
        lines.add("offsets       partition " + lineage.offsets().partition() + ", "
                + lineage.offsets().first() + " to " + lineage.offsets().next() + " (not included)");
        lines.add("mini-batches  " + miniBatches(lineage.miniBatches()));
        lines.add("config        sha256 " + lineage.configSha256());
        boolean whole = true;
        for (Map.Entry<String, FileHash> file : manifest.files().entrySet()) {
            String state = stateOf(StorePaths.resolve(directory, file.getKey()), file.getValue());
            whole &= state.equals("ok");
            lines.add("file          " + file.getKey() + ", " + file.getValue().bytes() + " bytes, sha256 "
                    + file.getValue().sha256() + ": " + state);
        }
        return new CheckpointReport(lines, whole);
    }

    private static String miniBatches(List<MiniBatchRange> miniBatches) {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        miniBatches.forEach(miniBatch -> counts.merge(miniBatch.outcome(), 1L, Long::sum));
        int examples = miniBatches.stream().mapToInt(MiniBatchRange::examples).sum();
        return miniBatches.size() + " with " + examples + " examples"
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
