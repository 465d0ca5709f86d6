package io.millrace.schemas.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.Adjustments;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.PolicyState;
import io.millrace.schemas.Required;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code manifest.json} of a checkpoint directory: what it is, how it was made, and the hash of every other file in it.
 * A checkpoint is whole if its manifest is there and every hash matches, also that of the {@link FrozenWeights}, if it needs any.
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
        Required.field("CheckpointManifest.task", task);
        Required.field("CheckpointManifest.id", id);
        Required.field("CheckpointManifest.lineage", lineage);
        files = Collections.unmodifiableMap(new TreeMap<>(Required.map("CheckpointManifest.files", files)));
    }

    /**
     * How the checkpoint was made.
     *
     * @param parent id of the checkpoint that it was trained from; absent for the first
     * @param configSha256 hash of the task's training configuration
     * @param offsets the offsets consumed since the parent
     * @param miniBatches the mini-batches in between, in the order of their offsets
     * @param texts the offsets of {@code texts} consumed since the parent; absent if the task reads no unlabelled text
     * @param gap the offsets that retention removed before they were read: they are in {@code offsets}, but in no
     *     mini-batch; absent if none
     * @param encoderSha256 hash of the weights that the task started from; absent in checkpoints of old versions
     * @param adjustments what the policy had changed while the mini-batches were trained; absent if nothing
     * @param policy the state of the policy, from which training continues; absent if the task has none
     * @param shards how many parts the mini-batches were divided into, from which the last bits of the weights follow; absent if undivided
     */
    public record Lineage(
            @Nullable String parent,
            String configSha256,
            OffsetRange offsets,
            List<MiniBatchRange> miniBatches,
            @Nullable OffsetRange texts,
            @Nullable OffsetRange gap,
            @Nullable String encoderSha256,
            @Nullable Adjustments adjustments,
            @Nullable PolicyState policy,
            @Nullable Integer shards) {

        public Lineage {
            Required.field("CheckpointManifest.lineage.configSha256", configSha256);
            Required.field("CheckpointManifest.lineage.offsets", offsets);
            miniBatches = Required.list("CheckpointManifest.lineage.miniBatches", miniBatches);
        }

        /** Of a task without a policy. */
        public Lineage(
                @Nullable String parent,
                String configSha256,
                OffsetRange offsets,
                List<MiniBatchRange> miniBatches,
                @Nullable OffsetRange texts,
                @Nullable OffsetRange gap,
                @Nullable String encoderSha256) {
            this(parent, configSha256, offsets, miniBatches, texts, gap, encoderSha256, null, null, null);
        }

        /** Of a task that reads no unlabelled text either. */
        public Lineage(
                @Nullable String parent, String configSha256, OffsetRange offsets, List<MiniBatchRange> miniBatches) {
            this(parent, configSha256, offsets, miniBatches, null, null, null, null, null, null);
        }

        /** What the mini-batches were trained under. */
        public Adjustments trainedUnder() {
            return adjustments == null ? Adjustments.NONE : adjustments;
        }
    }

    /**
     * One mini-batch.
     *
     * @param first the first offset that it covers
     * @param next the first offset after it
     * @param examples how many examples it held
     * @param outcome what happened to it
     * @param texts the unlabelled texts that it also held; absent if none
     */
    public record MiniBatchRange(long first, long next, int examples, Outcome outcome, @Nullable OffsetRange texts) {

        public MiniBatchRange {
            Required.field("MiniBatchRange.outcome", outcome);
        }

        /** One with labelled examples only. */
        public MiniBatchRange(long first, long next, int examples, Outcome outcome) {
            this(first, next, examples, outcome, null);
        }
    }

    /** What happened to a mini-batch. */
    public enum Outcome {
        /** Full, and trained. */
        @JsonProperty("trained")
        TRAINED,
        /** Fewer examples than the batch size, trained because the stream was idle. */
        @JsonProperty("trained-short")
        TRAINED_SHORT,
        /** Its loss or gradient was not finite; the state before it was kept. */
        @JsonProperty("quarantined")
        QUARANTINED,
        /** It was trained, then rolled back: the loss exploded, or the policy returned to the champion. */
        @JsonProperty("undone")
        UNDONE
    }

    /**
     * One file.
     *
     * @param sha256 hexadecimal
     * @param bytes its size
     */
    public record FileHash(String sha256, long bytes) {

        public FileHash {
            Required.field("FileHash.sha256", sha256);
        }

        public static FileHash of(Path file) throws IOException {
            return new FileHash(Sha256.of(file), Files.size(file));
        }
    }

    /**
     * Reads the manifest of {@code directory} and checks every file that it lists.
     *
     * @throws CorruptCheckpointException if anything is missing or differs
     * @throws UncheckedIOException if the disk fails, which says nothing about the checkpoint
     */
    public static CheckpointManifest readVerified(Path directory) {
        CheckpointManifest manifest = read(directory);
        manifest.verifyFiles(directory);
        return manifest;
    }

    private void verifyFiles(Path directory) {
        files.forEach((name, hash) -> verify(directory, name, hash));
        if (files.containsKey(FrozenWeights.FILE_NAME)) {
            FrozenWeights.read(directory).verify(directory);
        }
    }

    /**
     * Reads the manifest of {@code directory}; the files that it lists stay unread.
     *
     * @throws CorruptCheckpointException if there is none, or it is not one of this format
     * @throws UncheckedIOException if the disk fails, which says nothing about the checkpoint
     */
    public static CheckpointManifest read(Path directory) {
        return parse(directory.resolve(FILE_NAME), bytes(directory));
    }

    /**
     * Reads the manifest of the checkpoint that was announced, and checks every file that it lists.
     *
     * @throws CorruptCheckpointException if anything is missing or differs, or this is another checkpoint
     * @throws UncheckedIOException if the disk fails, which says nothing about the checkpoint
     */
    public static CheckpointManifest readVerified(Path directory, CheckpointReference announced) {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.isRegularFile(file)) {
            throw new CorruptCheckpointException(directory + " is missing, or has no " + FILE_NAME + ".");
        }
        byte[] bytes = bytes(directory);
        String sha256 = Sha256.of(bytes);
        if (!sha256.equals(announced.sha256())) {
            throw new CorruptCheckpointException(file + " is not the announced one: expected SHA-256 "
                    + announced.sha256() + ", got " + sha256 + ".");
        }
        CheckpointManifest manifest = parse(file, bytes);
        if (!manifest.task.equals(announced.task()) || !manifest.id.equals(announced.id())) {
            throw new CorruptCheckpointException(directory + " is another checkpoint: expected " + announced.task()
                    + " " + announced.id() + ", got " + manifest.task + " " + manifest.id + ".");
        }
        manifest.verifyFiles(directory);
        return manifest;
    }

    private static CheckpointManifest parse(Path file, byte[] bytes) {
        try {
            JsonNode json = Json.mapper().readTree(bytes);
            // Before the rest: another format may lack what this one requires.
            if (json.path("format").asInt() != FORMAT) {
                throw new CorruptCheckpointException(file + " has format "
                        + LogSafe.line(json.path("format").asText("none"), 20) + ", expected " + FORMAT
                        + ". Use the version that wrote it.");
            }
            return Json.mapper().treeToValue(json, CheckpointManifest.class);
        } catch (IOException e) {
            throw new CorruptCheckpointException("cannot read " + file + ": " + Json.fault(e), e);
        }
    }

    private static byte[] bytes(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        if (Files.isRegularFile(file)) {
            try {
                return Files.readAllBytes(file);
            } catch (NoSuchFileException e) {
                // Deleted between the two calls: as below.
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }
        throw new CorruptCheckpointException(directory + " is no checkpoint: it has no " + FILE_NAME + ".");
    }

    private static void verify(Path directory, String name, FileHash expected) {
        Path file = locate(directory, name);
        if (!Files.isRegularFile(file)) {
            throw new CorruptCheckpointException(file + " is missing, its manifest lists it.");
        }
        try {
            long bytes = Files.size(file);
            if (bytes != expected.bytes) {
                throw new CorruptCheckpointException(
                        file + " has " + bytes + " bytes, its manifest says " + expected.bytes + ".");
            }
            String sha256 = Sha256.of(file);
            if (!sha256.equals(expected.sha256)) {
                throw new CorruptCheckpointException(file + " has SHA-256 " + sha256 + ", its manifest says "
                        + LogSafe.line(expected.sha256, Sha256.CHARS) + ".");
            }
        } catch (NoSuchFileException e) {
            throw new CorruptCheckpointException(file + " was deleted while it was read.", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static UncheckedIOException unreadable(Path file, IOException e) {
        return new UncheckedIOException(
                "cannot read " + file + ": " + e + ". Is the disk sound, and may this user read it?", e);
    }

    private static Path locate(Path directory, String name) {
        try {
            return StorePaths.resolve(directory, name);
        } catch (IllegalArgumentException e) {
            throw new CorruptCheckpointException(
                    "the manifest of " + directory + " lists a file outside of it: " + e.getMessage(), e);
        }
    }
}
