package io.millrace.schemas.store;

import io.millrace.schemas.Required;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * {@value #FILE_NAME} of a checkpoint that holds only what was trained: which weights it was trained on, that stay as they are. They are
 * stored once, in a directory beside the checkpoints of the task that is named after their hash.
 *
 * @param sha256 hash of their file, {@value #WEIGHTS}; hexadecimal
 * @param bytes its size
 */
public record FrozenWeights(String sha256, long bytes) {

    public static final String FILE_NAME = "frozen.json";

    /** The file in their directory. */
    public static final String WEIGHTS = "model.safetensors";

    private static final String PREFIX = "frozen-";
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{" + Sha256.CHARS + "}");

    public FrozenWeights {
        Required.field("FrozenWeights.sha256", sha256);
        if (!HASH.matcher(sha256).matches()) {
            throw new IllegalArgumentException("FrozenWeights.sha256 must be " + Sha256.CHARS
                    + " hexadecimal digits, got " + LogSafe.line(sha256, Sha256.CHARS));
        }
    }

    /** The name of their directory. */
    public String directoryName() {
        return PREFIX + sha256;
    }

    /** Where they are for the checkpoint in {@code directory}. */
    public Path beside(Path directory) {
        return directory.toAbsolutePath().normalize().resolveSibling(directoryName());
    }

    /**
     * The hash in the name of a directory of frozen weights; empty for any other directory.
     */
    public static String hashIn(Path directory) {
        Path name = directory.getFileName();
        String text = name == null ? "" : name.toString();
        String hash = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : "";
        return HASH.matcher(hash).matches() ? hash : "";
    }

    /** Reads {@value #FILE_NAME} of a checkpoint. */
    public static FrozenWeights read(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        try {
            return Json.mapper().readValue(file.toFile(), FrozenWeights.class);
        } catch (IOException e) {
            throw new CorruptCheckpointException("cannot read " + file + ": " + Json.fault(e), e);
        }
    }

    /** Writes {@value #FILE_NAME} into the directory of a checkpoint. */
    public void write(Path directory) throws IOException {
        Files.writeString(directory.resolve(FILE_NAME), Json.write(this) + "\n");
    }

    /**
     * Checks the weights that the checkpoint in {@code directory} was trained on.
     *
     * @throws CorruptCheckpointException if they are missing or others
     */
    public void verify(Path directory) {
        verify(directory, beside(directory).resolve(WEIGHTS));
    }

    /** As {@link #verify(Path)}, where the weights are in {@code file}. */
    public void verify(Path directory, Path file) {
        try {
            String got = Sha256.of(file);
            if (!got.equals(sha256)) {
                throw new CorruptCheckpointException(String.format(
                        Locale.ROOT,
                        "%s must hold the frozen weights that %s was trained on, with SHA-256 %s, got %s. Restore the directory"
                                + " from where the checkpoint came.",
                        file,
                        directory,
                        sha256,
                        got));
            }
        } catch (NoSuchFileException e) {
            throw new CorruptCheckpointException(
                    file + " is missing: " + directory + " holds only what was trained, and needs it. Copy "
                            + directoryName() + " together with the checkpoint.",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read " + file + ": " + e + ". Is the disk sound, and may this user read it?", e);
        }
    }
}
