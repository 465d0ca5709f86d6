package io.millrace.evaluator.models;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.CorruptCheckpointException;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The model of a checkpoint that holds only what was trained, as consumers know models: whole. */
final class WholeModel {

    private WholeModel() {}

    /**
     * Writes it durably into an existing directory. The same checkpoint gives the same bytes.
     *
     * @param checkpoint whose files and frozen weights are verified
     * @return the hashes of the files by name
     * @throws CorruptCheckpointException if that is no model
     */
    static Map<String, FileHash> write(Path checkpoint, Path directory) throws IOException {
        try {
            EncoderCheckpoint.read(checkpoint).writeWhole(directory);
        } catch (UnusableCheckpointException e) {
            throw new CorruptCheckpointException(String.valueOf(e.getMessage()), e);
        }
        Map<String, FileHash> files = new TreeMap<>();
        try (Stream<Path> written = Files.list(directory)) {
            for (Path file : written.toList()) {
                FileLinks.force(file);
                files.put(file.getFileName().toString(), FileHash.of(file));
            }
        }
        return files;
    }
}
