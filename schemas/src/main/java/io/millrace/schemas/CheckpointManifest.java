package io.millrace.schemas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code manifest.json} of a checkpoint directory: what it is, how it came to be, and the hash of every other file in it.
 * A checkpoint is whole if its manifest is there and every hash matches.
 *
 * @param format version of this layout, {@value #FORMAT}
 * @param task the task
 * @param id name of the directory
 * @param step optimizer steps done
 * @param lineage parent, offsets and mini-batches
 * @param files every other file of the directory, by name
 */
public record CheckpointManifest(
        int format, String task, String id, long step, Lineage lineage, Map<String, FileHash> files) {

    public static final int FORMAT = 1;
    public static final String FILE_NAME = "manifest.json";

    public CheckpointManifest {
        files = Collections.unmodifiableMap(new TreeMap<>(files));
    }

    /**
     * How the checkpoint came to be.
     *
     * @param parent id of the checkpoint that it was trained from; absent for the first
     * @param configSha256 hash of the task's training configuration
     * @param offsets what was consumed since the parent
     * @param miniBatches the mini-batches in between, one a step, in order
     */
    public record Lineage(String parent, String configSha256, OffsetRange offsets, List<MiniBatchRange> miniBatches) {

        public Lineage {
            miniBatches = List.copyOf(miniBatches);
        }
    }

    /**
     * One mini-batch.
     *
     * @param first the first offset that it covers
     * @param next the first offset after it
     * @param examples how many examples it held
     * @param outcome what became of it
     */
    public record MiniBatchRange(long first, long next, int examples, Outcome outcome) {}

    /** What became of a mini-batch. */
    public enum Outcome {
        /** A full one, trained. */
        TRAINED,
        /** Fewer examples than the batch size, trained because the stream had idled. */
        TRAINED_SHORT,
        /** Its loss or gradient was not finite; the state before it was kept. */
        QUARANTINED
    }

    /**
     * One file.
     *
     * @param sha256 hexadecimal
     * @param bytes its size
     */
    public record FileHash(String sha256, long bytes) {

        public static FileHash of(Path file) throws IOException {
            return new FileHash(Sha256.of(file), Files.size(file));
        }
    }

    /**
     * Reads the manifest of {@code directory} and checks every file that it lists.
     *
     * @throws CorruptCheckpointException if anything is missing or differs
     */
    public static CheckpointManifest readVerified(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.isRegularFile(file)) {
            throw new CorruptCheckpointException(directory + " is no checkpoint: it has no " + FILE_NAME + ".");
        }
        try {
            CheckpointManifest manifest = Json.mapper().readValue(file.toFile(), CheckpointManifest.class);
            if (manifest.format != FORMAT) {
                throw new CorruptCheckpointException(file + " has format " + manifest.format + ", expected " + FORMAT
                        + ". Use the version that wrote it.");
            }
            for (Map.Entry<String, FileHash> entry : manifest.files.entrySet()) {
                verify(StorePaths.resolve(directory, entry.getKey()), entry.getValue());
            }
            return manifest;
        } catch (IOException e) {
            throw new CorruptCheckpointException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static void verify(Path file, FileHash expected) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new CorruptCheckpointException(file + " is missing, its manifest lists it.");
        }
        long bytes = Files.size(file);
        if (bytes != expected.bytes) {
            throw new CorruptCheckpointException(
                    file + " has " + bytes + " bytes, its manifest says " + expected.bytes + ".");
        }
        String sha256 = Sha256.of(file);
        if (!sha256.equals(expected.sha256)) {
            throw new CorruptCheckpointException(
                    file + " has SHA-256 " + sha256 + ", its manifest says " + expected.sha256 + ".");
        }
    }
}
