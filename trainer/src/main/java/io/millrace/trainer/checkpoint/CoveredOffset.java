package io.millrace.trainer.checkpoint;

import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.AtomicFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How far a task has been read without finding more of its records. After the last record that its newest checkpoint covers come
 * transaction markers and records of other tasks, and retention may remove those. Kept beside the checkpoints as {@value #FILE_NAME}: a
 * group's committed offset expires a week after the last trainer has left. It is valid for one checkpoint only.
 *
 * @param checkpoint id of the task's newest announced checkpoint; null if it has none
 * @param partition the partition of {@code accepted-examples}
 * @param offset first offset that has not been read: between the checkpoint's next offset and this one there is no record of the task
 */
public record CoveredOffset(@Nullable String checkpoint, int partition, long offset) {

    private static final Logger LOG = LoggerFactory.getLogger(CoveredOffset.class);
    private static final String FILE_NAME = "covered.json";

    /** Reads the one of a task; empty if there is none or it cannot be read. */
    public static Optional<CoveredOffset> read(Path store, String task) {
        Path file = store.resolve(task).resolve(FILE_NAME);
        try {
            return Files.isRegularFile(file)
                    ? Optional.ofNullable(Json.mapper().readValue(file.toFile(), CoveredOffset.class))
                    : Optional.empty();
        } catch (IOException e) {
            // Torn by a power cut, perhaps: the checkpoint's own next offset is used instead.
            LOG.warn("cannot read {}, it is ignored: {}", file, e.toString());
            return Optional.empty();
        }
    }

    /** Writes it, and returns whether that worked. Training continues without it, so a full disk is only a warning. */
    public boolean write(Path store, String task) {
        Path directory = store.resolve(task);
        try {
            AtomicFile.write(directory.resolve(FILE_NAME), Json.write(this));
            return true;
        } catch (IOException e) {
            LOG.warn("cannot write {} in {}: {}", FILE_NAME, directory, e.toString());
            return false;
        }
    }

    /** Whether it belongs to this checkpoint and partition; a null id means that the task has no checkpoint. */
    public boolean isOf(@Nullable String id, int inPartition) {
        return partition == inPartition && (id == null ? checkpoint == null : id.equals(checkpoint));
    }
}
