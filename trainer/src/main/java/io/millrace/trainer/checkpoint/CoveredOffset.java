package io.millrace.trainer.checkpoint;

import io.millrace.schemas.json.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * How far a task has been read without finding more of it: behind the last record that its newest checkpoint covers lie transaction
 * markers and records of other tasks, and retention may remove those. Kept beside the checkpoints as {@value #FILE_NAME}: a group's
 * committed offset would be forgotten a week after the last trainer has left. It is true of one checkpoint only, whoever wrote it.
 *
 * @param checkpoint id of the task's newest announced checkpoint; null if it has none
 * @param partition the partition of {@code accepted-examples}
 * @param offset first offset that has not been read: between the checkpoint's next offset and this one there is no record of the task
 */
public record CoveredOffset(String checkpoint, int partition, long offset) {

    private static final Logger LOG = LoggerFactory.getLogger(CoveredOffset.class);
    private static final String FILE_NAME = "covered.json";
    private static final String TEMPORARY = ".tmp-" + FILE_NAME;

    /** What the store says of a task; empty if nothing that can be read. */
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

    /** Writes it; whether it is there now. Training goes on without it, so a full disk is a warning. */
    public boolean write(Path store, String task) {
        Path directory = store.resolve(task);
        Path temporary = directory.resolve(TEMPORARY);
        try {
            Files.createDirectories(directory);
            Files.writeString(temporary, Json.write(this));
            Files.move(temporary, directory.resolve(FILE_NAME), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException e) {
            LOG.warn("cannot write {} in {}: {}", FILE_NAME, directory, e.toString());
            return false;
        }
    }

    /** Whether it says something of this checkpoint; null means that the task has none. */
    public boolean isOf(String id, int inPartition) {
        return partition == inPartition && (id == null ? checkpoint == null : id.equals(checkpoint));
    }
}
